// One-time codes by e-mail, through a real SMTP conversation: what is sent, to whom, and that a dead mail server breaks nothing.
import assert from 'node:assert/strict';
import type { Server } from 'node:net';
import { createServer } from 'node:net';
import { after, before, it } from 'node:test';
import { createMailMessenger } from '../../server/messages/mail-messenger.ts';
import { signUp } from '../harness/client.ts';
import { signUpClinician } from '../harness/clinician.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

const mails: { to: string; text: string }[] = [];
const logged: string[] = [];
let mailbox: Server;
let server: TestServer;

/** As much of RFC 5321 as one mail needs. */
function listen(): Promise<Server> {
  const listening = createServer((socket) => {
    let to = '';
    let data: string | undefined;
    let rest = '';
    const say = (line: string) => socket.write(`${line}\r\n`);
    say('220 mail.test ESMTP');
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      rest += chunk.toString('utf8');
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (data !== undefined) {
          if (line === '.') {
            mails.push({ to, text: data });
            data = undefined;
            say('250 taken');
          } else data += `${line}\n`;
        } else if (/^(EHLO|HELO)/i.test(line)) say('250 mail.test');
        else if (/^RCPT TO:<([^>]*)>/i.test(line)) {
          to = /<([^>]*)>/.exec(line)?.[1] ?? '';
          say('250 ok');
        } else if (/^DATA/i.test(line)) {
          data = '';
          say('354 go on');
        } else if (/^QUIT/i.test(line)) {
          say('221 bye');
          socket.end();
        } else say('250 ok');
      }
    });
  });
  return new Promise((resolve) => {
    listening.listen(0, '127.0.0.1', () => resolve(listening));
  });
}

const log = {
  info: (fields: object, words: string) => logged.push(JSON.stringify(fields) + words),
  warn: (fields: object, words: string) => logged.push(JSON.stringify(fields) + words),
  error: (fields: object, words: string) => logged.push(JSON.stringify(fields) + words),
};

before(async () => {
  mailbox = await listen();
  const { port } = mailbox.address() as { port: number };
  server = await startServer({
    sources: {
      messenger: {
        sendCode: (to, code, untilMs, purpose) =>
          createMailMessenger(
            {
              smtpUrl: `smtp://127.0.0.1:${port}`,
              from: 'no-reply@medallion.test',
              publicUrl: 'https://health.example.org',
            },
            server.pool,
            log,
          ).sendCode(to, code, untilMs, purpose),
      },
    },
  });
});
after(async () => {
  await server?.stop();
  mailbox?.close();
});

const whole = { scope: 'whole', purpose: 'TREAT', duration: 'P7D' };

it('the code that is mailed to the person’s own address lets in, and no log line has it (OTP-07)', async () => {
  const [patient, doctor] = [await signUp(server.url), await signUpClinician(server.url, server.pool)];
  const asked = await doctor.call('POST', '/api/access-requests', {
    body: { patient: patient.uhid, ...whole },
  });
  assert.equal(asked.json()['codeSent'], 'sent', asked.text);
  const mail = mails.find(({ to }) => to === patient.login);
  const [, first, last] = /Your code is (\d{3}) (\d{3})/.exec(mail?.text ?? '') ?? [];
  assert.ok(first && last, 'six digits stand in it');
  assert.ok(!mail?.text.includes('Meera'), 'nobody is named in it');
  const id = asked.json<{ id: string }>().id;
  const confirmed = await doctor.call('POST', `/api/access-requests/${id}/confirm`, {
    body: { code: first + last },
  });
  assert.equal(confirmed.status, 201, confirmed.text);
  assert.ok(!logged.join('\n').includes(first + last));
});

it('whoever signs in with a phone number is not mailed, and a dead mail server is no failure of the request', async () => {
  const doctor = await signUpClinician(server.url, server.pool);
  const ask = async (login?: string) => {
    const patient = await signUp(server.url, login === undefined ? {} : { login });
    const answer = await doctor.call('POST', '/api/access-requests', {
      body: { patient: patient.uhid, ...whole },
    });
    assert.equal(answer.status, 201, answer.text);
    return answer.json<{ codeSent: string }>().codeSent;
  };
  assert.equal(await ask('+919812345670'), 'none');
  const patient = await signUp(server.url);
  const dead = createMailMessenger(
    {
      smtpUrl: 'smtp://127.0.0.1:1',
      from: 'no-reply@medallion.test',
      publicUrl: 'https://health.example.org',
    },
    server.pool,
    log,
  );
  assert.equal(await dead.sendCode({ patientId: patient.patientId }, '123456', 0, 'access'), 'none');
  assert.ok(!logged.join('\n').includes(patient.login) && !logged.join('\n').includes('123456'));
});
