// One small module per behaviour. Each finds its elements by a data attribute and listens at the document, so that what
// htmx puts in later works the same. Every page works without any of them.
import "./autosubmit.js";
import "./copy.js";
import "./dialogs.js";
import "./expand.js";
import "./expired.js";
import "./focus.js";
import "./menus.js";
import "./once.js";
import "./ticking.js";
