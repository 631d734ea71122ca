// The views that look into the site: they share their parts, so they come together.

import './history.js';
import './outputs.js';
import './sources.js';
import './system.js';
