/** The view in a notebook: the kernel has the run. */
function render({ model, el }) {
  el.setAttribute("data-lm-suppress-shortcuts", "true"); // JupyterLab's own, such as d d
  el.setAttribute("role", "region");
  el.setAttribute("aria-label", "Pipeline panel");
  return view(model, el);
}

export default { render };
