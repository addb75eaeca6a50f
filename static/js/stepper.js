// Gives a number box its − and + buttons. Without this file the box is an ordinary number box.

/** The bound of `input` named `name` ("min" or "max"), or `otherwise` when it has none. */
const bound = (input, name, otherwise) => (input[name] === "" ? otherwise : Number(input[name]));

/** Grey out the button that would leave the bounds. aria-disabled keeps the focus where the thumb is. */
function showBounds(stepper, input) {
  const value = Number(input.value || 0);
  for (const button of stepper.querySelectorAll("[data-step]")) {
    const next = value + Number(button.dataset.step);
    const outside = next < bound(input, "min", 0) || next > bound(input, "max", Infinity);
    button.setAttribute("aria-disabled", String(outside));
  }
}

/** One press: move by one inside the bounds and tell whoever listens to the box. */
function step(stepper, input, by) {
  const value = Number.parseInt(input.value, 10) || 0;
  const next = Math.min(bound(input, "max", Infinity), Math.max(bound(input, "min", 0), value + by));
  stepper.classList.remove("tq-stepper--suggested");
  if (String(next) === input.value) return;
  input.value = String(next);
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Wake every stepper below `root`; safe to call again after new ones were added. */
export function wakeSteppers(root = document) {
  for (const stepper of root.querySelectorAll("[data-stepper]:not([data-awake])")) {
    const input = stepper.querySelector("input");
    stepper.dataset.awake = "";
    for (const button of stepper.querySelectorAll("[data-step]")) {
      button.hidden = false;
      button.addEventListener("click", () => step(stepper, input, Number(button.dataset.step)));
    }
    input.addEventListener("focus", () => input.select());
    // A wheel over a focused number box changes it unseen while the page scrolls.
    input.addEventListener("wheel", () => input.blur(), { passive: true });
    input.addEventListener("input", () => {
      stepper.classList.remove("tq-stepper--suggested");
      showBounds(stepper, input);
    });
    showBounds(stepper, input);
  }
}

wakeSteppers();
