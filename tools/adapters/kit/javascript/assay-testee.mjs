// Assay's side of an adapter in JavaScript: a table of losses becomes a testee that `assay` starts and asks. README.md
// shows one. Needs Node 18 or newer and nothing else; one object a line comes in, one goes out.

// One row a number format. A 16-bit one joins with an array that holds its numbers and the two ways between its bytes and that.
const FORMATS = {
  f32: { read: (bytes) => new Float32Array(bytes), write: (numbers) => Float32Array.from(numbers) },
  f64: { read: (bytes) => new Float64Array(bytes), write: (numbers) => Float64Array.from(numbers) },
};

// Thrown by a loss for what this machine cannot answer, as against what the framework gets wrong.
export class Skipped extends Error {}

const oneLine = (error) => `${error?.name ?? "Error"}: ${String(error?.message ?? error).split("\n", 1)[0]}`;

function read(tensor, dtype) {
  if (!("base64" in tensor)) return { shape: tensor.shape, dtype: "i64", data: tensor.data };
  // A copy of its own: a small Buffer lies at any offset of a pool, an array of numbers only at a multiple of their size.
  const bytes = Uint8Array.from(Buffer.from(tensor.base64, "base64")).buffer;
  return { shape: tensor.shape, dtype, data: FORMATS[dtype].read(bytes) };
}

function write({ shape, data }, dtype) {
  const numbers = FORMATS[dtype].write(data);
  const bytes = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  return { shape: [...shape], base64: bytes.toString("base64") };
}

// Cut at line feeds alone: node:readline takes characters that JSON allows inside a text for ends of lines too.
async function* lines(stream) {
  let parts = [];
  for await (const chunk of stream) {
    let start = 0;
    for (let end; (end = chunk.indexOf(10, start)) >= 0; start = end + 1) {
      yield Buffer.concat([...parts, chunk.subarray(start, end)]).toString();
      parts = [];
    }
    parts.push(chunk.subarray(start));
  }
}

export class Testee {
  #losses = new Map(); // name -> Map of variant (null where there are none) -> {offer, answer}
  #options;

  // `options`: `dtypes`, a list; `package`, the name that --version prints where it is another; what else the handshake is to say.
  constructor(name, version, { dtypes = ["f32", "f64"], package: packageName = name, ...options } = {}) {
    this.implementation = { name, version, language: "javascript" };
    this.packageName = packageName;
    this.dtypes = dtypes;
    this.#options = options;
  }

  // Offers a loss. `answer(inputs, parameters, reduction)` takes the framework's tensors by name and returns one;
  // `offer` narrows: gradient, parameters, inputs, ranks, conventions, reductions, dtypes; `variant` names one of several.
  loss(name, { variant = null, ...offer }, answer) {
    const declared = { dtypes: this.dtypes, reductions: ["none", "mean", "sum"], gradient: false, conventions: [], ...offer };
    if (!this.#losses.has(name)) this.#losses.set(name, new Map());
    this.#losses.get(name).set(variant, { offer: declared, answer });
  }

  // What the framework does, as functions that may be async: `decode({shape, dtype, data})` makes its tensor of numbers
  // (a typed array; a list of integers where dtype is i64), `encode(tensor)` gives {shape, data} back,
  // `gradient(f, inputs, wrt, cotangent)` differentiates f(inputs): [value, {name: tensor}], cotangent undefined for all ones,
  // `snippet(answer, request, inputs)` writes the program that a user would run for a case, and `afterwards()` follows
  // each request; neither is needed.
  async serve({ decode, encode, gradient, snippet, afterwards }) {
    if (process.argv[2] === "--version") {
      console.log(`${this.packageName} ${this.implementation.version}`);
      return;
    }
    // Standard output belongs to the protocol: whatever is printed there goes to standard error.
    const output = process.stdout.write.bind(process.stdout);
    process.stdout.write = process.stderr.write.bind(process.stderr);
    this.framework = { decode, encode, gradient, snippet };
    for await (const line of lines(process.stdin)) {
      const request = JSON.parse(line);
      if ("bye" in request) break;
      output(`${JSON.stringify("assay" in request ? this.#handshake() : await this.#reply(request))}\n`);
      await afterwards?.();
    }
    process.stdin.destroy();
  }

  #handshake() {
    const losses = {};
    for (const [name, variants] of this.#losses) {
      const offers = Object.fromEntries([...variants].map(([variant, { offer }]) => [variant, offer]));
      losses[name] = variants.has(null) ? offers[null] : { variants: offers };
    }
    const snippets = this.framework.snippet ? { snippets: true } : {};
    const { implementation } = this;
    return { assay: 1, implementation, losses, encoding: "base64", ...snippets, ...this.#options };
  }

  // Answered, skipped or an error, whichever it is in one line: a loss that throws says so of this case and no other.
  async #reply(request) {
    const { id } = request;
    try {
      if ("snippet" in request) return { id, snippet: await this.#snippet(request.snippet) };
      if ("echo" in request) return { id, echo: await this.#echo(request) };
      return { id, ...(await this.#evaluate(request)) };
    } catch (error) {
      const memory = error instanceof RangeError && /allocation/.test(error.message);
      if (memory) return { id, skipped: "out of memory" };
      return error instanceof Skipped ? { id, skipped: error.message } : { id, error: oneLine(error) };
    }
  }

  #find(request) {
    const found = this.#losses.get(request.loss)?.get(request.variant ?? null);
    if (!found) throw new Skipped(`${this.packageName} has no ${[request.loss, request.variant].filter(Boolean).join(", ")}`);
    return found.answer;
  }

  async #inputs(request) {
    const inputs = {};
    for (const [name, tensor] of Object.entries(request.inputs)) {
      inputs[name] = await this.framework.decode(read(tensor, request.dtype));
    }
    return inputs;
  }

  async #echo({ echo, dtype }) {
    return write(await this.framework.encode(await this.framework.decode(read(echo, dtype))), dtype);
  }

  async #snippet(request) {
    return this.framework.snippet(this.#find(request), request, await this.#inputs(request));
  }

  async #evaluate(request) {
    const answer = this.#find(request);
    const { cotangent, ...inputs } = await this.#inputs(request);
    const { wrt = [], parameters = {}, reduction = "mean", dtype } = request;
    const f = (given) => answer(given, parameters, reduction);
    if (!wrt.length) return { value: await this.#written(await f(inputs), dtype) };
    const [value, slopes] = await this.framework.gradient(f, inputs, wrt, cotangent);
    const gradient = {};
    for (const name of wrt) gradient[name] = await this.#written(slopes[name], dtype);
    return { value: await this.#written(value, dtype), gradient };
  }

  async #written(tensor, dtype) {
    return write(await this.framework.encode(tensor), dtype);
  }
}
