import { readFileSync } from 'node:fs'
import https from 'node:https'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { Profile } from '../../src/base/config.ts'
import { awsfedPaths } from '../../src/base/paths.ts'
import { createRedactor } from '../../src/base/redact.ts'
import { printable } from '../../src/base/text.ts'
import type { World } from '../../src/base/world.ts'
import { createAuthority } from '../../src/sandbox/certificates.ts'
import { listen } from '../../src/sandbox/server.ts'
import { temporaryFolder } from '../support/programs.ts'

export interface TestWorld extends World {
  readonly env: Record<string, string>
  /** What was said and traced. */
  readonly lines: string[]
}

/** A world whose home is a folder of this test, and whose clock can be set. */
export function testWorld(env: Record<string, string> = {}, now: () => Date = () => new Date()): TestWorld {
  const home = temporaryFolder()
  const redactor = createRedactor()
  const lines: string[] = []
  const line = (text: string) => {
    lines.push(printable(redactor.redact(text)))
  }
  const own = { AWSFED_HOME: path.join(home, 'awsfed'), ...env }
  return {
    env: own,
    platform: process.platform,
    home,
    paths: awsfedPaths(own, process.platform, home),
    now,
    redactor,
    say: line,
    trace: line,
    lines,
  }
}

export function testProfile(more: Partial<Profile> = {}): Profile {
  return {
    name: 'dev',
    portal: 'corp',
    source: undefined,
    role: undefined,
    provider: undefined,
    region: undefined,
    duration: undefined,
    writeTo: undefined,
    ...more,
  }
}

/** A recorded response of `fixtures/assertions`, as XML. */
export function fixture(name: string): string {
  return readFileSync(fileURLToPath(new URL(`../../fixtures/assertions/${name}.xml`, import.meta.url)), 'utf8')
}

export function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64')
}

/** A response that offers these pairs. */
export function responseOf(pairs: readonly string[], more = ''): string {
  const values = pairs.map((pair) => `<a:AttributeValue>${pair}</a:AttributeValue>`).join('')
  return base64(
    `<p:Response xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion">` +
      `<p:Status><p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></p:Status>` +
      `<a:Assertion><a:AttributeStatement><a:Attribute Name="https://aws.amazon.com/SAML/Attributes/Role">${values}</a:Attribute>` +
      `${more}</a:AttributeStatement></a:Assertion></p:Response>`,
  )
}

export const role = (name: string, account = '123456789012') => `arn:aws:iam::${account}:role/${name}`
export const provider = (account = '123456789012') => `arn:aws:iam::${account}:saml-provider/IdP`
export const pair = (name: string, account?: string) => `${role(name, account)},${provider(account)}`

export interface Asked {
  readonly form: URLSearchParams
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

interface Reply {
  readonly status?: number
  readonly body: string
}

export interface LoopbackSts {
  readonly url: string
  /** PEM of the authority that its certificate is of. */
  readonly authority: string
  readonly asked: Asked[]
}

/** An STS on loopback that answers what `reply` says. Ends with the test. */
export async function startSts(reply: (asked: Asked, index: number) => Reply | 'hang up' | 'never'): Promise<LoopbackSts> {
  const authority = await createAuthority()
  const { chain, key } = await authority.issue(['localhost', '127.0.0.1', 'sts.eu-central-1.amazonaws.com'])
  const asked: Asked[] = []
  const server = https.createServer({ cert: chain, key }, (request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (part: string) => {
      body += part
    })
    request.on('end', () => {
      const one = { form: new URLSearchParams(body), headers: request.headers }
      asked.push(one)
      const answer = reply(one, asked.length - 1)
      if (answer === 'never') return
      if (answer === 'hang up') {
        request.socket.destroy()
        return
      }
      response.writeHead(answer.status ?? 200, { 'content-type': 'text/xml' }).end(answer.body)
    })
  })
  const { port, close } = await listen(server)
  onTestFinished(close)
  return { url: `https://localhost:${port}`, authority: authority.certificate, asked }
}

/** An answer of STS for AssumeRoleWithSAML or AssumeRole; parts may be changed. */
export function assumedXml(
  asked: Asked,
  more: Partial<Record<'id' | 'secret' | 'token' | 'expiration' | 'arn', string>> = {},
): Reply {
  const action = asked.form.get('Action') ?? ''
  const [, account = '', name = ''] = /::(\d+):role\/(?:.*\/)?(.*)$/.exec(asked.form.get('RoleArn') ?? '') ?? []
  const seconds = Number(asked.form.get('DurationSeconds') ?? 3600)
  const expiration = more.expiration ?? new Date(Date.now() + seconds * 1000).toISOString()
  const arn = more.arn ?? `arn:aws:sts::${account}:assumed-role/${name}/${asked.form.get('RoleSessionName') ?? 'jane'}`
  return {
    body: `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>
      <AssumedRoleUser><Arn>${arn}</Arn><AssumedRoleId>AROAEXAMPLE:jane</AssumedRoleId></AssumedRoleUser>
      <Credentials><AccessKeyId>${more.id ?? 'ASIAEXAMPLE123456789'}</AccessKeyId>
      <SecretAccessKey>${more.secret ?? 'secret/of+the/session'}</SecretAccessKey>
      <SessionToken>${more.token ?? 'token+of/the=session=='}</SessionToken><Expiration>${expiration}</Expiration></Credentials>
      </${action}Result><ResponseMetadata><RequestId>00000000-0000-0000-0000-000000000000</RequestId></ResponseMetadata></${action}Response>`,
  }
}

/** An error as STS writes it. */
export function errorXml(code: string, message: string, status = 400): Reply {
  return {
    status,
    body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>00000000-0000-0000-0000-000000000000</RequestId></ErrorResponse>`,
  }
}
