// Times that go on: how long somebody has waited, how much of a promise is left.

function span(seconds) {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return "1分钟内";
  if (minutes < 60) return `${minutes}分钟`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)}小时${minutes % 60 && minutes < 600 ? `${minutes % 60}分` : ""}`;
  return `${Math.floor(minutes / 1440)}天`;
}

export function tick(root = document) {
  const now = Date.now();
  for (const time of root.querySelectorAll("time[data-since]")) {
    const seconds = Math.max(0, (now - Date.parse(time.dataset.since)) / 1000);
    const words = seconds < 60 ? "刚开始等" : `已等${span(seconds)}`;
    if (time.textContent !== words) time.textContent = words;
    time.classList.toggle("long", seconds > 300);
  }
  for (const time of root.querySelectorAll("time[data-due]")) {
    const left = (Date.parse(time.dataset.due) - now) / 1000;
    time.textContent = left < 0 ? `已超时${span(-left)}` : `还有${span(left)}`;
  }
}

setInterval(tick, 15000);
tick();
