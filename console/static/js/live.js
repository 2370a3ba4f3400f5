// The stream of changes, and whether it is open.

const sign = document.querySelector("[data-live]");
const words = { connecting: "连接中", open: "实时", lost: "已断开，正在重连" };

function show(state) {
  if (!sign) return;
  sign.dataset.state = state;
  sign.querySelector("[data-live-text]").textContent = words[state];
}

/** Calls `changed(id)` for a conversation, `queue(count)`, and `again()` whenever changes may have been missed. */
export function follow({ changed, queue, again }) {
  let source;

  function open() {
    source = new EventSource("/console/events");
    source.addEventListener("open", () => {
      show("open");
      again(); // what happened while nobody listened, if only since the page was made
    });
    source.addEventListener("conversation", (event) => changed(JSON.parse(event.data).id));
    source.addEventListener("queue", (event) => queue(JSON.parse(event.data).count));
    source.addEventListener("signed_out", () => location.reload());
    source.addEventListener("error", () => {
      show("lost");
      // A refused answer closes the source for good: try anew, and let the page find out why.
      if (source.readyState === EventSource.CLOSED) {
        setTimeout(() => { again(); open(); }, 5000);
      }
    });
  }

  open();
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => { if (event.persisted) open(); });
}
