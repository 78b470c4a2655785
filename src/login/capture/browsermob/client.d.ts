/** browsermob-proxy-client 0.1.2 brings no types: what of it is used. */
declare module 'browsermob-proxy-client' {
  export default class BrowserMobClient {
    static createClient(config: { browserMob: { host: string; port: number; protocol: string } }): BrowserMobClient
    /** The proxy that `getHar` is about, and `end` without a port. */
    proxy?: { port: number }
    listProxies(): Promise<unknown>
    /** `data` is sent as JSON, which the daemon reads in few places: parameters stand in the query of `path`. */
    callRest(path: string, method: string, data?: unknown): Promise<unknown>
    getHar(): Promise<unknown>
    end(port: number): Promise<unknown>
  }
}
