// The filters of a map's contributions. The map is a page of its own.
import { filterForm, filterHere } from "../parts/list-filters.js";

const form = filterForm();
if (form?.elements.vue) {
  const hasPlace = () => Boolean(form.elements.adresse.value || form.elements.pres);
  filterHere(form, {
    keeps: (name) => name !== "rayon" || hasPlace(),
    // A place has to be looked up, and its answer shown beside the field: an ordinary page.
    needsPage: hasPlace,
  });
}
