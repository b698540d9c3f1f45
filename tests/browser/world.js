// The real programs in a directory of their own, and what is posted to them.

import {spawn} from "node:child_process";
import {mkdtempSync, mkdirSync, rmSync} from "node:fs";
import {createServer, request} from "node:http";
import {tmpdir} from "node:os";
import {dirname, join, resolve} from "node:path";
import {fileURLToPath} from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const programs = resolve(root, process.env.BUILD ?? "build", "bin");

class Program {
  constructor(name, args, env) {
    this.said = "";
    this.child = spawn(join(programs, name), args, {env, stdio: ["ignore", "ignore", "pipe"]});
    this.ended = new Promise((done) => this.child.on("exit", done));
    this.child.stderr.setEncoding("utf8");
    this.child.stderr.on("data", (text) => (this.said += text));
  }

  /** Its URL, once it listens. */
  async url() {
    for (;;) {
      const found = /listening on (http:\/\/[^\s/]+)/.exec(this.said);
      if (found) {
        return found[1];
      }
      const ended = await Promise.race([
        this.ended.then(() => true),
        new Promise((done) => this.child.stderr.once("data", () => done(false))),
      ]);
      if (ended) {
        throw new Error(`${this.child.spawnfile} ended: ${this.said}`);
      }
    }
  }

  async stop(signal = "SIGTERM") {
    this.child.kill(signal);
    await this.ended;
  }
}

export class World {
  static async start() {
    const world = new World();
    world.place = mkdtempSync(join(tmpdir(), "board-"));
    mkdirSync(join(world.place, "run"));
    world.env = {PATH: process.env.PATH, HOME: world.place, XDG_STATE_HOME: join(world.place, "state"), XDG_RUNTIME_DIR: join(world.place, "run")};
    world.receiver = new Program("status-receiver", ["--port", "0"], world.env);
    world.webhooks = `${await world.receiver.url()}/webhook`;
    await world.startStore("0");
    return world;
  }

  async startStore(port = new URL(this.url).port) {
    this.store = new Program("status-store", ["--port", port], this.env);
    this.url = await this.store.url();
  }

  async post(body, path = "statuspage") {
    const answer = await fetch(`${this.webhooks}/${path}`, {method: "POST", body: JSON.stringify(body)});
    if (answer.status !== 200) {
      throw new Error(`the receiver answered ${answer.status}: ${await answer.text()}`);
    }
  }

  async stop() {
    await this.store.stop();
    await this.receiver.stop();
    rmSync(this.place, {recursive: true});
  }
}

/** Something between browser and store that can lose the stream of news, and nothing else. */
export class Relay {
  static async before(world) {
    const relay = new Relay();
    relay.whole = true;
    relay.streams = new Set();
    relay.refused = new Promise((done) => (relay.refusal = done));
    relay.server = createServer((asked, answer) => relay.pass(world, asked, answer));
    await new Promise((done) => relay.server.listen(0, "127.0.0.1", done));
    relay.url = `http://127.0.0.1:${relay.server.address().port}`;
    return relay;
  }

  pass(world, asked, answer) {
    if (asked.url.startsWith("/events")) {
      if (!this.whole) {
        this.refusal();
        return answer.writeHead(502).end();
      }
      this.streams.add(answer);
    }
    const onward = request(world.url + asked.url, {headers: asked.headers}, (got) => got.pipe(answer.writeHead(got.statusCode, got.headers)));
    answer.on("close", () => onward.destroy());
    onward.on("error", () => answer.destroy()).end();
  }

  /** Until mend(). `refused` is when the page has tried in vain to come back. */
  cut() {
    this.whole = false;
    this.streams.forEach((stream) => stream.destroy());
  }

  mend() {
    this.whole = true;
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** A webhook of a Statuspage page called `page`. */
export function incident(page, id, more = {}) {
  const at = new Date().toISOString();
  const {status = "investigating", impact = "major", name = `Incident ${id}`, text = `Words of ${id}`, components = [], ...rest} = more;
  return {
    page: {id: `page-${page}`, name: page},
    incident: {
      id, name, status, impact, updated_at: at, created_at: at, components,
      incident_updates: [{id: `${id}-${status}`, status, body: text, created_at: at}],
      ...rest,
    },
  };
}

/** Posts all of `bodies`, some at a time. */
export async function postAll(world, bodies) {
  const waiting = [...bodies];
  await Promise.all(Array.from({length: 8}, async () => {
    for (let body = waiting.pop(); body; body = waiting.pop()) {
      await world.post(body);
    }
  }));
}
