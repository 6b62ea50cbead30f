// Building the page from text. Nothing here, or anywhere else, ever parses a string as HTML.

/** Return a new element. `options`: attributes by name, `class`, `on` ({event: handler}); children: nodes or texts. */
export function el(tag, options = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (name === "on") {
      for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    } else if (value === true) {
      node.setAttribute(name, "");
    } else if (value !== false && value !== undefined) {
      node.setAttribute(name, value);
    }
  }
  node.append(...children.filter((child) => child !== "" && child !== null && child !== undefined));
  return node;
}

export const byId = (id) => document.getElementById(id);
