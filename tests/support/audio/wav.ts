const RATE = 8_000

/**
 * A WAV file of 16-bit PCM at 8 kHz, as plain as they come.
 * @param sound what all its samples are: another one makes another recording
 */
export function wav(seconds: number, sound = 7): Buffer {
  const samples = Buffer.alloc(Math.round(seconds * RATE) * 2)
  for (let at = 0; at < samples.length; at += 2) samples.writeInt16LE(sound, at)
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + samples.length, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(RATE, 24)
  header.writeUInt32LE(RATE * 2, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(samples.length, 40)
  return Buffer.concat([header, samples])
}
