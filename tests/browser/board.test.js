// The board in a real browser, with the real programs behind it. One file after the other: they share the browser.

import "./news.js";
import "./use.js";
import "./looks.js";
import "./speed.js";
