// The ceremony of the keys: the secrets are made here, and never leave this browser.
import "../ceremony/start.js";
