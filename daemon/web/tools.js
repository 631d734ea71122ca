// Detail views of the site. They share their parts, so they are loaded together.

import './history.js';
import './outputs.js';
import './sources.js';
import './system.js';
