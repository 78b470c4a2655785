import { AwsfedError, codeOf, messageOf } from '../../../base/errors.ts'
import { printable, shortened } from '../../../base/text.ts'

/** The errors of a capture by BrowserMob, each with what to do next. */

const failed = (what: string, hint: string, cause?: unknown) => new AwsfedError('failed', what, { hint, cause })

const debug = 'AWSFED_DEBUG=1 shows what it prints'

/** What a configuration without it lacks. */
export function notConfigured(portal: string): AwsfedError {
  return failed(
    `[portal.${portal}] has capture = "browsermob", but there is no [portal.${portal}.browsermob]`,
    `add [portal.${portal}.browsermob] with url = "http://127.0.0.1:9900", and command = "browsermob-proxy -port 9900" to have it started`,
  )
}

export function notLoopback(portal: string, url: string): AwsfedError {
  return failed(
    `[portal.${portal}.browsermob] url is ${printable(url)}: the daemon has to be on this machine, and is spoken to by plain http`,
    'it has no password, and whoever reaches it reads what is typed at the portal: run it here, and write url = "http://127.0.0.1:9900"',
  )
}

/** A switch of `browser_args` that would lead the browser past the daemon. */
export function otherProxy(portal: string, flag: string): AwsfedError {
  return failed(
    `[portal.${portal}] browser_args has ${printable(flag)}, which would lead the browser past the BrowserMob daemon`,
    `remove it; the company's proxy is named by portal.${portal}.proxy or HTTPS_PROXY, and the daemon goes through it`,
  )
}

/** The daemon hands traffic on to http proxies only. */
export function unfitProxy(scheme: string): AwsfedError {
  return failed(
    `the company's proxy is a ${scheme} one, and BrowserMob can go through http proxies only`,
    'name its http address by proxy in the [portal], or use capture = "devtools"',
  )
}

export function nothingAnswers(portal: string, url: string): AwsfedError {
  const port = new URL(url).port || '80'
  return failed(
    `no BrowserMob daemon answers at ${url}`,
    `start it: \`browsermob-proxy -port ${port} -address 127.0.0.1 -ttl 3600\`; or write that as command into [portal.${portal}.browsermob] to have awsfed start it`,
  )
}

export function somethingElse(portal: string, url: string): AwsfedError {
  return failed(
    `what answers at ${url} is no BrowserMob daemon`,
    `run the daemon at a port that is free, and correct url in [portal.${portal}.browsermob] (and -port in its command)`,
  )
}

/** How the daemon that `key` starts ended before it listened. */
export function daemonDied(key: string, how: string, printed: string, cause?: unknown): AwsfedError {
  const known = knownDeaths.find(([pattern]) => pattern.test(printed))
  if (known) return failed(`the BrowserMob daemon did not start: ${known[1]}`, `${known[2]}; the command is ${key}`, cause)
  const last = printed.trim().split('\n').at(-1)?.trim() ?? ''
  const words = last === '' ? '' : `: ${shortened(printable(last), 300)}`
  return failed(
    `the BrowserMob daemon did not start: ${key} ${how}${words}`,
    `run that command by itself to see why; ${debug}`,
    cause,
  )
}

/** What it prints, what that means, and what to do. In this order: a lack of Java is a lack of a command too. */
const knownDeaths: readonly [RegExp, string, string][] = [
  [
    /InaccessibleObjectException|does not "opens java\.|module java\.base does not/,
    'this Java is too new for it without flags, and those that awsfed sets (JDK_JAVA_OPTIONS) did not reach it',
    'have the command run java with `--add-opens java.base/java.lang=ALL-UNNAMED --add-opens java.base/sun.net=ALL-UNNAMED` (the release’s script takes them from JAVA_OPTS), or with Java 8 to 15',
  ],
  [
    /UnsupportedClassVersionError/,
    'this Java is too old for it',
    'install Java 8 or later: `apt install default-jre-headless`, `brew install openjdk`, `winget install EclipseAdoptium.Temurin.17.JRE`',
  ],
  [
    /JAVA_HOME is not|\bjava(\.exe)?["'”]?:? (command )?(not found|nicht gefunden)|Unable to locate a Java Runtime|["']?java["']? is not recognized|exec: java:|\/java["']?: (No such file|not found)/i,
    'there is no Java',
    'install one: `apt install default-jre-headless`, `brew install openjdk`, `winget install EclipseAdoptium.Temurin.17.JRE`; or let JAVA_HOME name it',
  ],
  [
    /Address already in use|BindException/,
    'its port is taken by another program',
    'name another port in -port of the command and in url',
  ],
]

/** The command itself is not there (sh and cmd.exe, exit codes 127 and 9009). */
export function commandNotFound(key: string): AwsfedError {
  return failed(
    `the BrowserMob daemon did not start: the command of ${key} is not found`,
    `write the whole path of bin/browsermob-proxy into ${key} (the README says where to get it)`,
  )
}

export function neverListened(key: string, url: string, seconds: number): AwsfedError {
  const port = new URL(url).port || '80'
  return failed(
    `the BrowserMob daemon was started, but after ${seconds} seconds nothing answers at ${url}`,
    `see that ${key} has \`-port ${port}\` and keeps running; ${debug}`,
  )
}

/** What the daemon's REST interface answered instead of doing what it was asked (REST API, and measured with 2.1.5). */
export function unexpectedStatus(url: string, error: unknown): AwsfedError {
  if (isTaken(error)) {
    return failed(
      `the BrowserMob daemon at ${url} makes no proxy: other programs listen at its ports`,
      'start it anew with ports that are free, such as `-proxyPortRange 28000-28100`',
      error,
    )
  }
  switch (statusOf(error)) {
    case 456:
      return failed(
        `the BrowserMob daemon at ${url} makes no proxy: all of its ports are used up`,
        `\`curl ${url}/proxy\` lists its proxies: end those that nobody uses by \`curl -X DELETE ${url}/proxy/PORT\`, or start it anew with a wider -proxyPortRange and with -ttl`,
        error,
      )
    case 404:
      return lost(url)
    case undefined:
      if (codeOf(error) === 'ECONNREFUSED') return lost(url)
  }
  return failed(
    `the BrowserMob daemon at ${url} does not do what it is asked: ${shortened(printable(messageOf(error)), 200)}`,
    'start it anew; with Java 16 and later it needs `--add-opens java.base/java.lang=ALL-UNNAMED`',
    error,
  )
}

/** Whether `error` says that somebody else listens at the port that the daemon chose. */
export function isTaken(error: unknown): boolean {
  const { answer } = (error ?? {}) as { answer?: unknown }
  return statusOf(error) === 455 || (statusOf(error) === 550 && /BindException|already in use/.test(String(answer)))
}

function statusOf(error: unknown): unknown {
  return (error as { statusCode?: unknown } | null)?.statusCode
}

/** The daemon, or a proxy of ours in it, has gone during the login. */
export function lost(url: string): AwsfedError {
  return failed(
    `the BrowserMob daemon at ${url}, or the proxy in it that the browser used, ended during the login`,
    'see that nobody stops it or deletes its proxies (closeProxies() of its clients deletes all; so does a short -ttl), and run the login again',
  )
}

/** A proxy of the daemon cannot be connected to where it says that it is. */
export function unreachable(url: string, port: number): AwsfedError {
  return failed(
    `the BrowserMob daemon at ${url} has made a proxy, but nothing listens at 127.0.0.1:${port}`,
    'the daemon has to run on this machine itself: in a container its proxies are out of reach',
  )
}

/** The daemon has no way to `host`: `why` in the words of who tried too. */
export function noWay(host: string, why: string, cause: unknown): AwsfedError {
  return failed(
    `the BrowserMob daemon cannot reach ${host}: ${why}`,
    'check the network and the VPN, and proxy (with its user and password) in the [portal] or HTTPS_PROXY; then run the login again',
    cause,
  )
}

/** The daemon reaches `host`, but has refused its certificate. */
export function untrusted(host: string, issuer: string): AwsfedError {
  return failed(
    `the BrowserMob daemon does not trust the certificate of ${host} (issued by ${shortened(printable(issuer), 150)})`,
    'Java trusts its own store only. Put the company’s CA into one: `keytool -importcert -noprompt -alias company -file ca.pem -keystore awsfed-trust.p12 -storepass changeit`, and start the daemon with JAVA_OPTS="-Djavax.net.ssl.trustStore=…/awsfed-trust.p12 -Djavax.net.ssl.trustStorePassword=changeit"',
  )
}

/** The daemon has refused `host` though nothing speaks against it. */
export function refusedByDaemon(host: string): AwsfedError {
  return failed(
    `the BrowserMob daemon does not get through to ${host}, which this machine reaches`,
    'its Java may be too old for the TLS there, or may be sent to another proxy (-Dhttp.proxyHost): start it with Java 11 or later, and see its log',
  )
}

export function noAuthority(url: string): AwsfedError {
  return failed(
    `the BrowserMob daemon at ${url} does not show the authority of its certificates, so the browser cannot be told to take them`,
    'use BrowserMob Proxy 2.1.x, or capture = "devtools"',
  )
}

/** What the browser sends does not pass the daemon. */
export function notInEffect(why: string): AwsfedError {
  return failed(
    `the browser does not go through the BrowserMob daemon (${printable(why)}): nothing was opened in it`,
    'a policy of your company may set the browser’s proxy (see chrome://policy); use capture = "devtools", which needs none',
  )
}

/** The browser had its answer, and the HAR still lacks what it had sent. */
export function notInHar(url: string): AwsfedError {
  return failed(
    `the portal has posted an assertion, but the HAR of the BrowserMob daemon at ${url} does not hold it`,
    'run the login again; AWSFED_DEBUG=1 traces it, and capture = "devtools" needs no HAR',
  )
}
