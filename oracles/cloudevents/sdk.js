"use strict";
// Reads messages as JSON from standard input, and writes what the SDK sends, what it says about each message, and what
// it reads in the events of isvclog simulate.
const { CloudEvent, HTTP } = require("cloudevents");
const { version } = require("cloudevents/package.json");

const TIME = "2026-01-02T03:04:05.120Z";
const MINIMAL = { id: "1", source: "/s", type: "com.example.t", time: TIME };
const EVENTS = {
  minimal: MINIMAL,
  full: {
    ...MINIMAL,
    source: "http://localhost:9081/",
    subject: "a subject",
    dataschema: "https://example.com/schema",
    datacontenttype: "application/json",
    data: { instances: [[6.8, 2.8, "é ☃"]] },
    annotations: '{"example.com/team":"risk"}',
    number: 5,
    flag: true,
  },
  text: { ...MINIMAL, datacontenttype: "text/plain", data: "hello \n world" },
  bytes: { ...MINIMAL, datacontenttype: "image/png", data: Uint8Array.from([0, 1, 254, 255]) },
  euro: { ...MINIMAL, subject: "Euro € 😀" },
};

function send(mode, event) {
  const { headers, body } = HTTP[mode](event);
  const bytes = typeof body === "string" ? Buffer.from(body) : Buffer.from(body ?? []);
  return { mode, headers, body: bytes.toString("latin1") };
}

function judge({ headers, body }) {
  try {
    const event = HTTP.toEvent({ headers, body: Buffer.from(body, "latin1").toString("utf8") });
    // toEvent reads leniently, and leaves it to its caller to validate.
    for (const one of [event].flat()) one.validate();
    return null;
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
}

function read({ headers, body }) {
  const isText = /json|^text\//.test(headers["content-type"]);
  const bytes = Buffer.from(body, "latin1");
  try {
    const event = HTTP.toEvent({ headers, body: isText ? bytes.toString("utf8") : bytes });
    event.validate();
    const { data, data_base64, ...attributes } = event.toJSON();
    return { attributes, data: data_base64 === undefined ? data : { base64: data_base64 } };
  } catch (error) {
    return { error: error.name };
  }
}

const { cases, simulated } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const sent = Object.entries(EVENTS).flatMap(([name, attributes]) => {
  const event = new CloudEvent(attributes);
  return ["binary", "structured"].map((mode) => ({ name, ...send(mode, event) }));
});
const verdicts = Object.fromEntries(Object.entries(cases).map(([name, message]) => [name, judge(message)]));
const reads = Object.fromEntries(Object.entries(simulated).map(([name, message]) => [name, read(message)]));
process.stdout.write(JSON.stringify({ version, sent, verdicts, simulated: reads }, null, 1) + "\n");
