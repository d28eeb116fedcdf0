/** Commands of documents, run without curl. @module */

/** The request of a `curl` command to this machine: `-H`, `-d`, `-X`, `-u` and `-i` are known, and nothing else. */
export function curlRequest(command: string): Request {
  const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain);
  const headers = new Headers();
  let method: string | undefined, body: string | undefined, url: string | undefined;
  for (let i = 1; i < words.length; i++) {
    switch (words[i]) {
      case "-i":
        break;
      case "-H": {
        const field = words[++i], colon = field.indexOf(":");
        headers.append(field.slice(0, colon), field.slice(colon + 1).trim());
        break;
      }
      case "-u":
        headers.set("authorization", `Basic ${btoa(words[++i])}`);
        break;
      case "-d":
        body = words[++i];
        break;
      case "-X":
        method = words[++i];
        break;
      default:
        if (words[i].startsWith("-") || url !== undefined) {
          throw new TypeError(`"${words[i]}" is not known here: ${command}`);
        }
        url = words[i].replace(/^localhost/, "http://127.0.0.1");
    }
  }
  if (url === undefined) throw new TypeError(`there is no address: ${command}`);
  if (body !== undefined && !headers.has("content-type")) {
    headers.set("content-type", "application/x-www-form-urlencoded");
  }
  return new Request(url, { method: method ?? (body === undefined ? "GET" : "POST"), headers, body });
}
