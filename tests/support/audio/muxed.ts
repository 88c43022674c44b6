import {
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  Mp3OutputFormat,
  Mp4OutputFormat,
  OggOutputFormat,
  Output,
  type OutputFormat,
  WavOutputFormat,
  WebMOutputFormat,
} from 'mediabunny'
import {
  AAC_CONFIG,
  AAC_PACKET,
  AAC_PACKET_SECONDS,
  aacPackets,
  MP3_FRAME_SECONDS,
  mp3Frame,
  mp3Frames,
  OPUS_PACKET,
  OPUS_PACKET_SECONDS,
  opusHead,
} from './packets.ts'

/** One codec's packets: all the same, one after another. */
interface Packets {
  readonly codec: 'opus' | 'mp3' | 'aac' | 'pcm-s16'
  readonly config: AudioDecoderConfig
  readonly packet: Uint8Array
  readonly seconds: number
  readonly count: number
}

/** A recording as mediabunny writes it: containers by another hand than the one that reads them. */
async function mux(format: OutputFormat, { codec, config, packet, seconds, count }: Packets): Promise<Uint8Array> {
  const target = new BufferTarget()
  const output = new Output({ format, target })
  const source = new EncodedAudioPacketSource(codec)
  output.addAudioTrack(source)
  await output.start()
  for (let n = 0; n < count; n += 1) {
    await source.add(new EncodedPacket(packet, 'key', n * seconds, seconds), { decoderConfig: config })
  }
  await output.finalize()
  if (target.buffer === null) throw new Error('mediabunny has written nothing.')
  return new Uint8Array(target.buffer)
}

const opus = (seconds: number): Packets => ({
  codec: 'opus',
  config: { codec: 'opus', sampleRate: 48_000, numberOfChannels: 1, description: opusHead() },
  packet: OPUS_PACKET,
  seconds: OPUS_PACKET_SECONDS,
  count: Math.round(seconds / OPUS_PACKET_SECONDS),
})

const aac = (seconds: number): Packets => ({
  codec: 'aac',
  config: { codec: 'mp4a.40.2', sampleRate: 48_000, numberOfChannels: 1, description: AAC_CONFIG },
  packet: AAC_PACKET,
  seconds: AAC_PACKET_SECONDS,
  count: aacPackets(seconds),
})

const mp3 = (seconds: number): Packets => ({
  codec: 'mp3',
  config: { codec: 'mp3', sampleRate: 44_100, numberOfChannels: 1 },
  packet: mp3Frame(),
  seconds: MP3_FRAME_SECONDS,
  count: mp3Frames(seconds),
})

const PCM_PACKET_SECONDS = 0.01

const pcm = (seconds: number): Packets => ({
  codec: 'pcm-s16',
  config: { codec: 'pcm-s16', sampleRate: 16_000, numberOfChannels: 1 },
  packet: new Uint8Array(16_000 * PCM_PACKET_SECONDS * 2).fill(7),
  seconds: PCM_PACKET_SECONDS,
  count: Math.round(seconds / PCM_PACKET_SECONDS),
})

/** A recording of so many seconds, by the name of its kind; fewer than a packet more than asked for. */
export const MUXED = {
  OGG: (seconds: number) => mux(new OggOutputFormat(), opus(seconds)),
  MP3: (seconds: number) => mux(new Mp3OutputFormat(), mp3(seconds)),
  MP4: (seconds: number) => mux(new Mp4OutputFormat({ fastStart: false }), aac(seconds)),
  'MP4 that begins with its tables': (seconds: number) =>
    mux(new Mp4OutputFormat({ fastStart: 'in-memory' }), aac(seconds)),
  'MP4 in fragments': (seconds: number) => mux(new Mp4OutputFormat({ fastStart: 'fragmented' }), aac(seconds)),
  WAV: (seconds: number) => mux(new WavOutputFormat(), pcm(seconds)),
  WEBM: (seconds: number) => mux(new WebMOutputFormat(), opus(seconds)),
  'WEBM written live': (seconds: number) => mux(new WebMOutputFormat({ appendOnly: true }), opus(seconds)),
}

export type Kind = keyof typeof MUXED

export const KINDS: readonly Kind[] = [
  'OGG',
  'MP3',
  'MP4',
  'MP4 that begins with its tables',
  'MP4 in fragments',
  'WAV',
  'WEBM',
  'WEBM written live',
]
