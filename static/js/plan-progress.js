// Asks how far a plan is and opens its result when it is done; without this module the page reloads itself.
const place = document.querySelector('[data-plan-state]');
const EVERY_MS = 1000;
const LATER_MS = 5000;

const show = (state) => {
  const bar = place.querySelector('progress');
  const label = place.querySelector('.tq-progress__label');
  const text = place.querySelector('.tq-progress__text');
  bar.value = state.progress;
  text.textContent = `${state.progress}\u00a0%`;
  label.textContent = state.step ? `${state.word}: ${state.step}` : state.word;
};

const look = async () => {
  let wait = EVERY_MS;
  try {
    const answer = await fetch(place.dataset.planState, { headers: { Accept: 'application/json' } });
    if (answer.ok) {
      const state = await answer.json();
      if (!state.active) {
        window.location.reload();
        return;
      }
      show(state);
    } else {
      wait = LATER_MS;
    }
  } catch {
    wait = LATER_MS; // The network is away; the plan is made all the same.
  }
  window.setTimeout(look, wait);
};

if (place) window.setTimeout(look, EVERY_MS);
