// Everything one tap away from Now: one load, the sheets of override and mode, alarms, sign-in, the menu.

import './load.js';
import './override.js';
import './alarms.js';
import './login.js';
import './more.js';
