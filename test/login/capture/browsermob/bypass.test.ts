import { describe, expect, test } from 'vitest'
import { exceptedHosts } from '../../../../src/login/browser/proxy.ts'
import { bypassWithoutAcs } from '../../../../src/login/capture/browsermob/bypass.ts'

const kept = (noProxy: string, acsHosts: string[] = []) => bypassWithoutAcs(exceptedHosts({ NO_PROXY: noProxy }), acsHosts)

describe('what NO_PROXY excepts is spoken to by the browser itself:', () => {
  test.each([
    ['localhost', ['localhost', '*.localhost']],
    ['.corp.example.com', ['corp.example.com', '*.corp.example.com']],
    ['adfs.example.com:8443', ['adfs.example.com:8443', '*.adfs.example.com:8443']],
    ['10.0.0.0/8', ['10.0.0.0/8']],
    ['amazonaws.com', ['amazonaws.com', '*.amazonaws.com']],
  ])('%s', (noProxy, expected) => expect(kept(noProxy)).toEqual(expect.arrayContaining(expected)))
})

describe('but never an ACS, which the assertion would get to:', () => {
  test.each<[string, string[]]>([
    // That host alone, and not what is below it.
    ['.amazon.com', ['amazon.com']],
    ['amazon.com:443', ['amazon.com:443']],
    ['signin.aws.amazon.com', []],
    ['SIGNIN.AWS.AMAZON.COM', []],
    ['*.aws.amazon.com', ['aws.amazon.com']],
    ['*aws*', []],
    ['.amazonaws.cn', ['amazonaws.cn']],
    ['com', ['com']],
    ['*', []],
    ['https://*', []],
    ['<-loopback>', []],
    ['a;signin.aws.amazon.com', []],
  ])('%s', (noProxy, expected) => expect(kept(noProxy)).toEqual(expected))

  test('nor one of acs_hosts', () => {
    expect(kept('example.com,.mcas.ms', ['signin.aws.amazon.com.mcas.ms'])).toEqual(['example.com', '*.example.com', 'mcas.ms'])
  })
})
