// The door of an event. A browser that cannot keep anything uses the forms as they are.
import { start } from "../door/start.js";

if (document.querySelector("[data-door]") && "indexedDB" in self && crypto.randomUUID) {
  start().catch((error) => console.warn(error));
}
