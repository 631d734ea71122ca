// Notice for browsers without modules.
document.getElementById('old').removeAttribute('hidden');
