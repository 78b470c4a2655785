import { readFileSync } from 'node:fs'
import https from 'node:https'
import { AssumeRoleWithSAMLCommand, STSClient } from '@aws-sdk/client-sts'
import { type Sandbox, sandboxRoles } from '../../src/sandbox/index.ts'

export interface Page {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
}

/** A browser without scripts: it keeps cookies and sends forms as they are. */
export class Visitor {
  readonly cookies = new Map<string, string>()
  readonly #sandbox: Sandbox
  #page: Page = { status: 0, headers: {}, text: '' }

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox
  }

  get page(): Page {
    return this.#page
  }

  /** The portal's words about what went wrong. */
  get error(): string | undefined {
    const found = /id="errorText"[^>]*>([^<]*)</.exec(this.#page.text)?.[1]
    return found?.replaceAll('&quot;', '"')
  }

  /** The value of a field of the form that is shown. */
  field(name: string): string | undefined {
    return new RegExp(`name="${name}"[^>]* value="([^"]*)"`).exec(this.#page.text)?.[1]
  }

  async visit(url = this.#sandbox.portal.url): Promise<this> {
    this.#page = await this.#request('GET', url)
    return this
  }

  /** Sends the form that is shown, hidden fields and all. */
  async send(fields: Record<string, string>): Promise<this> {
    const hidden = [...this.#page.text.matchAll(/<input type="hidden" name="(\w+)"[^>]* value="([^"]*)"/g)]
    const form = new URLSearchParams(hidden.map(([, name = '', value = '']) => [name, value]))
    for (const [name, value] of Object.entries(fields)) form.set(name, value)
    return this.post(form)
  }

  async post(form: URLSearchParams, url = this.#sandbox.portal.url): Promise<this> {
    this.#page = await this.#request('POST', url, form.toString())
    return this
  }

  /** Signs in with the password and the code that are right. */
  async signIn(): Promise<this> {
    await this.visit()
    await this.send({ UserName: this.#sandbox.user, Password: this.#sandbox.password })
    return this.send({ VerificationCode: this.#sandbox.totp() })
  }

  #request(method: string, url: string, body?: string): Promise<Page> {
    const ca = readFileSync(this.#sandbox.environment.AWS_CA_BUNDLE ?? '')
    const headers: Record<string, string> = {
      Cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      ...(body === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' }),
    }
    return new Promise((resolve, reject) => {
      const request = https.request(url, { method, ca, headers, agent: false }, async (response) => {
        let text = ''
        for await (const chunk of response) text += chunk
        for (const cookie of response.headers['set-cookie'] ?? []) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
          this.cookies.set(name, value)
        }
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
      })
      request.on('error', reject)
      request.end(body)
    })
  }
}

export interface Keys {
  accessKeyId: string
  secretAccessKey: string
  sessionToken: string
}

/** AWS's own client, pointed at an STS on loopback. */
export function stsClient(url: string, ca: string | Buffer, keys?: Keys): STSClient {
  return new STSClient({
    region: 'us-east-1',
    endpoint: url,
    maxAttempts: 1,
    requestHandler: { httpsAgent: new https.Agent({ ca }) },
    credentials: keys ?? { accessKeyId: 'ASIAUNKNOWN', secretAccessKey: 'none' },
  })
}

function sandboxSts(sandbox: Sandbox, keys?: Keys): STSClient {
  return stsClient(sandbox.environment.AWS_ENDPOINT_URL_STS ?? '', readFileSync(sandbox.environment.AWS_CA_BUNDLE ?? ''), keys)
}

/** Credentials of `role`, by a sign-in at the portal. */
export async function keysOf(sandbox: Sandbox, role: { arn: string; provider: string } = sandboxRoles.dev): Promise<Keys> {
  const visitor = await new Visitor(sandbox).signIn()
  const { Credentials } = await sandboxSts(sandbox).send(
    new AssumeRoleWithSAMLCommand({
      RoleArn: role.arn,
      PrincipalArn: role.provider,
      SAMLAssertion: visitor.field('SAMLResponse') ?? '',
    }),
  )
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {}
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
}
