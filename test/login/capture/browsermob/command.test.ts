import { describe, expect, test } from 'vitest'
import { daemonCommand, daemonEnvironment } from '../../../../src/login/capture/browsermob/command.ts'

const url = 'http://127.0.0.1:9900'
const added = '-address 127.0.0.1 -ttl 3600'

describe('what the release’s own program lacks is added to its command:', () => {
  test.each([
    ['browsermob-proxy', `browsermob-proxy -port 9900 ${added}`],
    ['browsermob-proxy -port 9900', `browsermob-proxy -port 9900 ${added}`],
    ['browsermob-proxy --port=9901 ', `browsermob-proxy --port=9901 ${added}`],
    ['browsermob-proxy -port 9900 -address ::1 -ttl 60', 'browsermob-proxy -port 9900 -address ::1 -ttl 60'],
    ['/opt/bmp-2.1.4/bin/browsermob-proxy -port 9900', `/opt/bmp-2.1.4/bin/browsermob-proxy -port 9900 ${added}`],
    [
      '"C:\\Program Files\\bmp\\bin\\browsermob-proxy.bat"',
      `"C:\\Program Files\\bmp\\bin\\browsermob-proxy.bat" -port 9900 ${added}`,
    ],
    ["'/opt/b m p/browsermob-proxy' -port 9900", `'/opt/b m p/browsermob-proxy' -port 9900 ${added}`],
    [
      'JAVA_OPTS="-Xmx200m -Da=b" exec browsermob-proxy -port 9900',
      `JAVA_OPTS="-Xmx200m -Da=b" exec browsermob-proxy -port 9900 ${added}`,
    ],
    ['cd /opt/bmp && ./browsermob-proxy -port 9900', `cd /opt/bmp && ./browsermob-proxy -port 9900 ${added}`],
  ])('%s', (command, expected) => expect(daemonCommand(command, url)).toBe(expected))
})

describe('any other command is left as it is:', () => {
  test.each([
    'docker run --rm -p 127.0.0.1:9900:9900 browsermob',
    'java -jar browsermob.jar',
    'browsermob-proxy | tee log',
    'browsermob-proxy &',
    'browsermob-proxy # the daemon',
    'echo browsermob-proxy',
    'browsermob-proxy && echo done',
    'my-browsermob-proxy-wrapper -port 9900',
  ])('%s', (command) => expect(daemonCommand(command, url)).toBe(command))
})

test('the flags that Java needs come after those that are set already', () => {
  const { JDK_JAVA_OPTIONS = '', HOME } = daemonEnvironment({ HOME: '/home/jane', JDK_JAVA_OPTIONS: '-Xmx200m' })
  expect(HOME).toBe('/home/jane')
  expect(JDK_JAVA_OPTIONS).toBe('-Xmx200m --add-opens java.base/java.lang=ALL-UNNAMED --add-opens java.base/sun.net=ALL-UNNAMED')
})
