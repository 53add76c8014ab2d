// @ts-check
// Reads a label with the camera where the browser can; the field works without it.
(() => {
  const form = /** @type {HTMLFormElement} */ (document.getElementById("scan"));
  const field = /** @type {HTMLInputElement} */ (document.getElementById("q"));
  const button = document.getElementById("camera");
  const scanner = document.getElementById("scanner");
  const sorry = document.getElementById("no-camera");
  const Detector = /** @type {any} */ (window).BarcodeDetector;
  if (!form || !field || !button || !scanner || !sorry || !Detector || !navigator.mediaDevices) return;
  const video = /** @type {HTMLVideoElement} */ (scanner.querySelector("video"));
  /** @type {MediaStream | undefined} */
  let stream;

  const stop = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = undefined;
    scanner.hidden = true;
  };

  /** @param {any} detector */
  const look = async (detector) => {
    if (!stream) return;
    const codes = await detector.detect(video).catch(() => []);
    if (codes.length && codes[0].rawValue) {
      field.value = codes[0].rawValue;
      stop();
      form.requestSubmit();
      return;
    }
    setTimeout(() => look(detector), 200);
  };

  button.addEventListener("click", async () => {
    if (stream) return stop();
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      scanner.hidden = false;
      sorry.hidden = true;
      video.srcObject = stream;
      await video.play();
      await look(new Detector({ formats: ["qr_code"] }));
    } catch {
      stop();
      sorry.hidden = false;
    }
  });
  addEventListener("pagehide", stop);
  Detector.getSupportedFormats().then((/** @type {string[]} */ formats) => {
    button.hidden = !formats.includes("qr_code");
  });
})();
