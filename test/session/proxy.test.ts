import { writeFileSync } from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { listen } from '../../src/sandbox/server.ts'
import { proxyFor } from '../../src/session/proxy.ts'
import { assumeRoleWithSaml } from '../../src/session/sts.ts'
import { temporaryFolder } from '../support/programs.ts'
import { assumedXml, provider, responseOf, role, startSts, testWorld } from './support.ts'

const sts = 'sts.eu-central-1.amazonaws.com'

describe('proxyFor', () => {
  test.each<[env: Record<string, string>, host: string, proxy: string | undefined]>([
    [{}, sts, undefined],
    [{ HTTPS_PROXY: '' }, sts, undefined],
    [{ HTTPS_PROXY: 'http://proxy.example:3128' }, sts, 'http://proxy.example:3128/'],
    [{ https_proxy: 'https://proxy.example' }, sts, 'https://proxy.example/'],
    [{ HTTPS_PROXY: 'proxy.example:3128' }, sts, 'http://proxy.example:3128/'],
    [{ HTTPS_PROXY: 'http://p:1' }, '127.0.0.1', undefined],
    [{ HTTPS_PROXY: 'http://p:1' }, 'localhost', undefined],
    [{ HTTPS_PROXY: 'http://p:1', NO_PROXY: '*' }, sts, undefined],
    [{ HTTPS_PROXY: 'http://p:1', NO_PROXY: 'amazonaws.com' }, sts, undefined],
    [{ HTTPS_PROXY: 'http://p:1', NO_PROXY: 'a.example, .AMAZONAWS.com' }, sts, undefined],
    [{ HTTPS_PROXY: 'http://p:1', no_proxy: '*.amazonaws.com' }, sts, undefined],
    [{ HTTPS_PROXY: 'http://p:1', NO_PROXY: `${sts}:443` }, sts, undefined],
    [{ HTTPS_PROXY: 'http://p:1', NO_PROXY: `${sts}:8443` }, sts, 'http://p:1/'],
    [{ HTTPS_PROXY: 'http://p:1', NO_PROXY: 'zonaws.com,.,,central-1.amazonaws.com.cn' }, sts, 'http://p:1/'],
  ])('%j: %s by %s', (env, host, proxy) => {
    expect(proxyFor(env, host, 443)?.href).toBe(proxy)
  })

  test.each(['http://', '://user:secret@', 'socks5://p:1', 'http://p:port'])(
    'HTTPS_PROXY=%s is refused, and not shown',
    (text) => {
      expect(() => proxyFor({ HTTPS_PROXY: text }, sts, 443)).toThrow(/^HTTPS_PROXY is not the http\(s\) URL of a proxy$/)
    },
  )
})

/** A proxy that makes its tunnels to `port` whatever it is asked for, or answers `status`. */
async function startProxy(port: number, status = 200) {
  const asked: { target: string | undefined; authorization: string | undefined }[] = []
  const server = http.createServer((_, response) => response.writeHead(405).end())
  server.on('connect', (request, client) => {
    asked.push({ target: request.url, authorization: request.headers['proxy-authorization'] })
    client.on('error', () => client.destroy())
    if (status !== 200) return void client.end(`HTTP/1.1 ${status} no\r\n\r\n`)
    const upstream = net.connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      client.pipe(upstream).pipe(client)
    })
    upstream.on('error', () => client.destroy())
    client.on('close', () => upstream.destroy())
  })
  const listening = await listen(server)
  onTestFinished(() => listening.close())
  return { host: `127.0.0.1:${listening.port}`, asked }
}

const call = { region: 'eu-central-1', profile: 'dev' }
const saml = { role: role('Dev'), provider: provider(), samlResponse: responseOf([]), seconds: 3600 }

function worldBehind(proxy: string, authority = '') {
  const bundle = path.join(temporaryFolder(), 'ca.pem')
  writeFileSync(bundle, authority)
  return testWorld({ HTTPS_PROXY: proxy, ...(authority && { AWS_CA_BUNDLE: bundle }) })
}

describe('STS behind a proxy', () => {
  test('is reached by a tunnel, with the user and password of HTTPS_PROXY; TLS is with STS itself', async () => {
    const server = await startSts((asked) => assumedXml(asked))
    const proxy = await startProxy(Number(new URL(server.url).port))
    const world = worldBehind(`http://jane:p%40ss@${proxy.host}`, server.authority)
    expect(await assumeRoleWithSaml(world, call, saml)).toHaveProperty('account', '123456789012')
    expect(proxy.asked).toEqual([{ target: `${sts}:443`, authorization: `Basic ${Buffer.from('jane:p@ss').toString('base64')}` }])
    expect(server.asked[0]?.headers.host).toBe(sts)
  })

  test('is reached by the proxy of the portal, which comes before that of the environment', async () => {
    const server = await startSts((asked) => assumedXml(asked))
    const [own, other] = [await startProxy(Number(new URL(server.url).port)), await startProxy(0, 403)]
    const world = worldBehind(`http://${other.host}`, server.authority)
    expect(await assumeRoleWithSaml(world, { ...call, proxy: own.host }, saml)).toHaveProperty('account', '123456789012')
    expect(own.asked.map(({ target }) => target)).toEqual([`${sts}:443`])
    expect(other.asked).toEqual([])
  })

  test.each([
    [407, /lets nobody through to sts\.eu-central-1\.amazonaws\.com \(HTTP 407\)/, /USER:PASSWORD/],
    [403, /lets nobody through to .* \(HTTP 403\)/, /HTTPS_PROXY/],
  ])('a proxy that answers %i', async (status, message, hint) => {
    const proxy = await startProxy(0, status)
    const failure = assumeRoleWithSaml(worldBehind(`http://jane:secret@${proxy.host}`), call, saml)
    await expect(failure).rejects.toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    })
    await expect(failure).rejects.not.toMatchObject({ message: expect.stringContaining('secret') })
  })

  test('a proxy that is not there', async () => {
    const server = await listen(http.createServer())
    await server.close()
    await expect(assumeRoleWithSaml(worldBehind(`127.0.0.1:${server.port}`), call, saml)).rejects.toMatchObject({
      kind: 'failed',
      message: `the proxy 127.0.0.1:${server.port} cannot be reached (ECONNREFUSED)`,
    })
  })
})
