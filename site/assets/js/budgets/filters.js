// The filters of ideas and projects. A map is a page of its own.
import { filterForm, filterHere } from "../parts/list-filters.js";

const form = filterForm();
if (form && !form.elements.vue?.value?.startsWith("plan")) filterHere(form);
