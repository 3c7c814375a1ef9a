/* Arrow and page keys of a keyboard or clicker, told to the server; never while somebody writes. */
const WRITING = "input, textarea, select, [contenteditable='true'], [role='combobox'], [role='listbox']";

export default function ({ setTriggerValue, data, parentElement }) {
  // Says that keys are heard from now on.
  const { dataset } = parentElement.host ?? parentElement;
  const heard = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const place = event.composedPath()[0];
    if (place instanceof Element && place.closest(WRITING)) return;
    const word = data.keys[event.key];
    if (!word) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) setTriggerValue("pressed", word);
  };
  document.addEventListener("keydown", heard, true);
  dataset.hears = "keys";
  return () => {
    document.removeEventListener("keydown", heard, true);
    delete dataset.hears;
  };
}
