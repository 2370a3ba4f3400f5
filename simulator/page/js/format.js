/** Times, sizes and names as the phones print them. Values in, text out; the browser's own time zone. */

const two = (number) => String(number).padStart(2, "0");
const dayNumber = (date) => Math.floor((date.getTime() - date.getTimezoneOffset() * 60_000) / 86_400_000);
const WEEKDAYS = ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"];

/** 09:05 */
export function clock(date) {
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** 今天, 昨天, 3月5日, 2025年3月5日: Telegram's separator between days. */
export function dayLabel(date, now = new Date()) {
  const days = dayNumber(now) - dayNumber(date);
  if (days === 0) return "今天";
  if (days === 1) return "昨天";
  const day = `${date.getMonth() + 1}月${date.getDate()}日`;
  return date.getFullYear() === now.getFullYear() ? day : `${date.getFullYear()}年${day}`;
}

/** 09:05, 昨天 09:05, 星期三 09:05, 3月5日 09:05: WeChat's separator between spells of talk. */
export function spellLabel(date, now = new Date()) {
  const days = dayNumber(now) - dayNumber(date);
  if (days === 0) return clock(date);
  if (days > 1 && days < 7) return `${WEEKDAYS[date.getDay()]} ${clock(date)}`;
  return `${dayLabel(date, now)} ${clock(date)}`;
}

/** Whether two moments fall on one day of the calendar. */
export function sameDay(one, other) {
  return dayNumber(one) === dayNumber(other);
}

/** 0:07, 12:30 from seconds. */
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${two(whole % 60)}`;
}

/** 512 B, 24 KB, 3.1 MB from bytes. */
export function fileSize(bytes) {
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** The extension of a file's name, upper case and at most four letters, for its badge. */
export function extension(name) {
  const match = /\.([A-Za-z0-9]{1,8})$/.exec(name ?? "");
  return match ? match[1].slice(0, 4).toUpperCase() : "FILE";
}
