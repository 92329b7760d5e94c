// Reads a calendar with ICAL.js and tells what it understood, as JSON.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);

const pad = (number) => String(number).padStart(2, "0");
const written = (time) => {
  if (time.isDate) return `${time.year}-${pad(time.month)}-${pad(time.day)}`;
  return time.toJSDate().toISOString().replace(".000Z", "Z");
};

const read = {};
for (const component of calendar.getAllSubcomponents("vevent")) {
  const event = new ICAL.Event(component);
  read[event.uid] = {
    title: event.summary,
    start: written(event.startDate),
    end: component.hasProperty("dtend") ? written(event.endDate) : null,
    sequence: event.sequence,
    status: component.getFirstPropertyValue("status"),
    place: event.location ?? "",
  };
}
process.stdout.write(JSON.stringify(read));
