// “My position” among the filters: asked for on a press, rounded before it goes anywhere.
const button = document.querySelector("[data-my-position]");
const DECIMALS = 3; // about a hundred metres

if (button && "geolocation" in navigator) {
  const form = button.closest("form");
  const said = form.querySelector("[data-position-said]");
  button.hidden = false;
  button.addEventListener("click", () => {
    said.textContent = button.dataset.said;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.adresse.value = "";
        let place = form.elements.pres;
        if (!place) {
          place = document.createElement("input");
          place.type = "hidden";
          place.name = "pres";
          form.append(place);
        }
        place.value = `${coords.latitude.toFixed(DECIMALS)},${coords.longitude.toFixed(DECIMALS)}`;
        form.submit();
      },
      () => {
        said.textContent = button.dataset.failed;
      },
      { timeout: 15_000, maximumAge: 60_000 },
    );
  });
}
