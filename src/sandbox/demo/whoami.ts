/** A program for machines without the AWS CLI: GetCallerIdentity with the credentials of its environment, signed by itself. */
export const whoamiScript = `import { createHash, createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import https from 'node:https'
const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_CA_BUNDLE, AWS_ENDPOINT_URL_STS, AWS_REGION = 'us-east-1' } = process.env
const url = new URL(AWS_ENDPOINT_URL_STS)
const body = 'Action=GetCallerIdentity&Version=2011-06-15'
const date = new Date().toISOString().replace(/[-:]|\\.\\d+/g, '')
const sha256 = (text) => createHash('sha256').update(text).digest('hex')
const scope = [date.slice(0, 8), AWS_REGION, 'sts', 'aws4_request']
const headers = { host: url.host, 'x-amz-date': date, 'x-amz-security-token': AWS_SESSION_TOKEN }
const names = Object.keys(headers).join(';')
const canonical = ['POST', '/', '', ...Object.entries(headers).map(([name, value]) => name + ':' + value), '', names, sha256(body)].join('\\n')
const key = scope.reduce((secret, word) => createHmac('sha256', secret).update(word).digest(), 'AWS4' + AWS_SECRET_ACCESS_KEY)
const signature = createHmac('sha256', key).update(['AWS4-HMAC-SHA256', date, scope.join('/'), sha256(canonical)].join('\\n')).digest('hex')
const authorization = 'AWS4-HMAC-SHA256 Credential=' + [AWS_ACCESS_KEY_ID, ...scope].join('/') + ', SignedHeaders=' + names + ', Signature=' + signature
const request = https.request(url, { method: 'POST', ca: readFileSync(AWS_CA_BUNDLE), headers: { ...headers, authorization, 'content-type': 'application/x-www-form-urlencoded' } }, async (response) => {
  let xml = ''
  for await (const chunk of response) xml += chunk
  const field = (name) => xml.match('<' + name + '>([^<]*)<')?.[1]
  if (response.statusCode !== 200) {
    console.error(field('Code') + ': ' + field('Message'))
    process.exitCode = 1
  } else console.log(JSON.stringify({ UserId: field('UserId'), Account: field('Account'), Arn: field('Arn') }, null, 4))
})
request.end(body)
`
