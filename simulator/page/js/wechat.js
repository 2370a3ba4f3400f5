/** What only WeChat has: the account's menu, and talking by holding a bar. Choices are typed: nothing to tap there. */

import { role } from "./dom.js";
import { duration } from "./format.js";
import { NoMicrophone, Recording } from "./recorder.js";
import { pick, preview } from "./uploads.js";

const LONGEST_SECONDS = 60;
const SHORTEST_SECONDS = 0.6;

/**
 * @param {import("./phone.js").Phone} phone
 * @param {{captions: boolean, recognition: boolean, most: number}} platform
 * @param {{close: () => void}} drawers
 */
export function wireWechat(phone, platform, drawers) {
  wireAccountMenu(phone);
  wireVoice(phone, platform, drawers);
}

function wireAccountMenu(phone) {
  role(phone.element, "account-menu").addEventListener("click", async (event) => {
    const button = event.target.closest("[data-role=menu]");
    if (!button || button.disabled) return;
    button.disabled = true;
    phone.thread.toBottom();
    await phone.attempt("菜单没点上", () => phone.api.menu(button.dataset.key));
    button.disabled = false;
  });
}

function wireVoice(phone, platform, drawers) {
  const toggle = role(phone.element, "voice-toggle");
  const bar = role(phone.element, "mic");
  const card = role(phone.element, "recording");
  const time = role(phone.element, "recording-time");
  const hint = role(phone.element, "recording-hint");
  const { input } = phone.composer;

  const mode = (voice) => {
    drawers.close();
    phone.element.classList.toggle("is-voice", voice);
    toggle.setAttribute("aria-pressed", String(voice));
    toggle.setAttribute("aria-label", voice ? "切换到键盘" : "切换到语音");
    input.hidden = voice;
    bar.hidden = !voice;
    if (voice) return;
    phone.composer.grow();
    input.focus();
  };
  toggle.addEventListener("click", () => mode(bar.hidden));
  // Text that arrives by an example or a draft wants the keyboard.
  input.addEventListener("composed", () => input.value && !bar.hidden && mode(false));

  let recording = null;
  let held = false;
  let leaving = false;
  let timer = 0;

  const begin = async () => {
    if (recording || held) return;
    held = true;
    leaving = false;
    let started;
    try {
      started = await Recording.start();
    } catch (error) {
      held = false;
      if (!(error instanceof NoMicrophone)) throw error;
      phone.toast("用不了麦克风，请选一个语音文件");
      return pick(phone, "voice");
    }
    // Asking for the right to record takes the finger off the bar: that first time only opens the microphone.
    if (!held) {
      phone.toast("麦克风好了，请按住说话");
      return started.cancel();
    }
    recording = started;
    card.hidden = false;
    bar.classList.add("is-held");
    bar.textContent = "松开 结束";
    show();
    timer = setInterval(show, 200);
    return null;
  };
  const show = () => {
    time.textContent = duration(recording.seconds);
    hint.textContent = leaving ? "松开 取消" : "松开 结束，移出 取消";
    card.classList.toggle("is-leaving", leaving);
    if (recording.seconds >= LONGEST_SECONDS) end();
  };
  const end = async () => {
    held = false;
    const ended = recording;
    if (!ended) return;
    recording = null;
    clearInterval(timer);
    card.hidden = true;
    bar.classList.remove("is-held");
    bar.textContent = "按住 说话";
    if (leaving) return ended.cancel();
    if (ended.seconds < SHORTEST_SECONDS) {
      phone.toast("说话时间太短");
      return ended.cancel();
    }
    return preview(phone, platform, "voice", [await ended.finish()]);
  };

  bar.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    bar.setPointerCapture(event.pointerId);
    begin();
  });
  bar.addEventListener("pointermove", (event) => {
    const box = bar.getBoundingClientRect();
    leaving = event.clientY < box.top - 40;
  });
  bar.addEventListener("pointerup", end);
  bar.addEventListener("pointercancel", () => {
    leaving = true;
    end();
  });
  bar.addEventListener("contextmenu", (event) => event.preventDefault());
  bar.addEventListener("keydown", (event) => {
    if (!["Enter", " "].includes(event.key) || event.repeat) return;
    event.preventDefault();
    begin();
  });
  bar.addEventListener("keyup", (event) => ["Enter", " "].includes(event.key) && end());
}
