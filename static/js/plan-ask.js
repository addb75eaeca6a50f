// Buttons that fill in a usual budget; without this module the box alone does it all.
const chips = document.querySelector('[data-chips]');
const box = document.getElementById('budget');
if (chips && box) {
  chips.hidden = false;
  chips.addEventListener('click', (event) => {
    const button = event.target.closest('[data-amount]');
    if (!button) return;
    box.value = button.dataset.amount;
    box.focus();
  });
}
