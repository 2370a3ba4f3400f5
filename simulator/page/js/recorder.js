/**
 * Recording the microphone into a file that every player and every archive reads: Ogg/Opus where the browser records
 * it (what Telegram's own voice messages are), WAV made from whatever else it records.
 */

const OGG = "audio/ogg;codecs=opus";
const RATE = 16_000;

/** The microphone cannot be used: none there, not allowed, or a page without the right. */
export class NoMicrophone extends Error {}

export class Recording {
  #recorder;
  #stream;
  #parts = [];

  /** Asks for the microphone and starts. @throws {NoMicrophone} */
  static async start() {
    if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) throw new NoMicrophone();
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch (error) {
      throw new NoMicrophone(error.message);
    }
    return new Recording(stream);
  }

  constructor(stream) {
    this.#stream = stream;
    this.startedAt = performance.now();
    this.#recorder = new MediaRecorder(stream, MediaRecorder.isTypeSupported(OGG) ? { mimeType: OGG } : {});
    this.#recorder.addEventListener("dataavailable", (event) => this.#parts.push(event.data));
    this.#recorder.start();
  }

  /** Seconds recorded so far. */
  get seconds() {
    return (performance.now() - this.startedAt) / 1000;
  }

  /** Ends the recording. @returns {Promise<File>} */
  async finish() {
    const blob = await this.#stop();
    const stamp = new Date().toISOString().slice(0, 19).replace(/[-:T]/g, "");
    if (blob.type.startsWith("audio/ogg")) return new File([blob], `voice-${stamp}.ogg`, { type: "audio/ogg" });
    return new File([await wav(blob)], `voice-${stamp}.wav`, { type: "audio/wav" });
  }

  /** Ends it and throws it away. */
  async cancel() {
    await this.#stop();
  }

  async #stop() {
    const stopped = new Promise((resolve) => this.#recorder.addEventListener("stop", resolve, { once: true }));
    this.#recorder.stop();
    await stopped;
    for (const track of this.#stream.getTracks()) track.stop();
    return new Blob(this.#parts, { type: this.#recorder.mimeType });
  }
}

/** The recording as mono 16-bit PCM at 16 kHz in a RIFF header. */
async function wav(blob) {
  const bytes = await blob.arrayBuffer();
  const decoded = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(bytes);
  const mixer = new OfflineAudioContext(1, Math.max(1, Math.ceil(decoded.duration * RATE)), RATE);
  const player = new AudioBufferSourceNode(mixer, { buffer: decoded });
  player.connect(mixer.destination);
  player.start();
  const samples = (await mixer.startRendering()).getChannelData(0);
  const view = new DataView(new ArrayBuffer(44 + samples.length * 2));
  const ascii = (at, word) => [...word].forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0)));
  ascii(0, "RIFF");
  view.setUint32(4, 36 + samples.length * 2, true);
  ascii(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  ascii(36, "data");
  view.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, index) => view.setInt16(44 + index * 2, Math.max(-1, Math.min(1, sample)) * 32_767, true));
  return view.buffer;
}
