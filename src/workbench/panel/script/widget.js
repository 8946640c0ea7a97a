/** The view in a notebook: the kernel has the run. */
function render({ model, el }) {
  el.setAttribute("data-lm-suppress-shortcuts", "true"); // JupyterLab's own, such as d d
  el.setAttribute("role", "region");
  const end = view(model, el);
  el.setAttribute("aria-label", t("Pipeline panel"));
  return end;
}

export default { render };
