// What is a touch away from Now: one load, the sheets of override and mode, alarms, signing in, the menu.

import './load.js';
import './override.js';
import './alarms.js';
import './login.js';
import './more.js';
