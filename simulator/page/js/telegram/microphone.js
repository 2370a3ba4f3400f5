/** Telegram's microphone beside the box: one press starts, another sends. */

import { role } from "../dom.js";
import { duration } from "../format.js";
import { NoMicrophone, Recording } from "../recorder.js";
import { pick } from "../uploads.js";

const LONGEST_SECONDS = 300;

/** @param {import("../phone.js").Phone} phone */
export function wireMicrophone(phone) {
  const bar = role(phone.element, "recording");
  const time = role(phone.element, "recording-time");
  let recording = null;
  let timer = 0;
  const end = async (send) => {
    const ended = recording;
    if (!ended) return;
    recording = null;
    clearInterval(timer);
    bar.hidden = true;
    phone.element.classList.remove("is-recording");
    if (send) phone.upload({ files: [await ended.finish()], kind: "voice" });
    else await ended.cancel();
    phone.composer.input.focus();
  };
  role(phone.element, "mic").addEventListener("click", async () => {
    try {
      recording = await Recording.start();
    } catch (error) {
      if (!(error instanceof NoMicrophone)) throw error;
      phone.toast("用不了麦克风，请选一个语音文件");
      return pick(phone, "voice");
    }
    bar.hidden = false;
    phone.element.classList.add("is-recording");
    time.textContent = duration(0);
    timer = setInterval(() => {
      time.textContent = duration(recording.seconds);
      if (recording.seconds >= LONGEST_SECONDS) end(true);
    }, 250);
    return role(phone.element, "recording-send").focus();
  });
  role(phone.element, "recording-send").addEventListener("click", () => end(true));
  role(phone.element, "recording-cancel").addEventListener("click", () => end(false));
  bar.addEventListener("keydown", (event) => event.key === "Escape" && end(false));
}
