/* What Streamlit's own elements leave out for screen readers and keys: roles of the folded menu and of the upload
   field, and a stop for the Tab key on a table that scrolls. */
const ROLES = [
  ["[data-testid='stSidebarNavItems'] > div", "listitem"],
  ["[data-testid='stSidebarNavItems'] > div > li", "none"],
  ["[data-testid='stFileUploaderDropzone']", "group"],
];

const mend = () => {
  for (const [selector, role] of ROLES)
    for (const each of document.querySelectorAll(selector))
      if (each.getAttribute("role") !== role) each.setAttribute("role", role);
  for (const table of document.querySelectorAll("[data-testid='stTable'] table")) {
    const frame = table.parentElement;
    if (frame.scrollWidth > frame.clientWidth && !frame.hasAttribute("tabindex")) frame.setAttribute("tabindex", "0");
  }
};

export default function () {
  let waiting = 0;
  const soon = () => {
    waiting ||= requestAnimationFrame(() => {
      waiting = 0;
      mend();
    });
  };
  const observer = new MutationObserver(soon);
  observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ["role"] });
  window.addEventListener("resize", soon);
  mend();
  return () => {
    observer.disconnect();
    window.removeEventListener("resize", soon);
    cancelAnimationFrame(waiting);
  };
}
