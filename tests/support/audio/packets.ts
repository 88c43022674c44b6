/** 20 ms of silence in Opus: CELT, full band, one frame (RFC 6716, table 2: configuration 31). */
export const OPUS_PACKET = Uint8Array.of(0xf8, 0xff, 0xfe)
export const OPUS_PACKET_SECONDS = 0.02

/** The identification header of Opus, one channel (RFC 7845, section 5.1). */
export function opusHead(preSkip = 0): Uint8Array {
  const [low, high] = [preSkip & 0xff, preSkip >> 8]
  return Uint8Array.of(...Buffer.from('OpusHead'), 1, 1, low, high, 0x80, 0xbb, 0, 0, 0, 0, 0)
}

/** Silence in MPEG-1 layer III: 44.1 kHz, mono, 64 kbit/s, all side information zero. */
export function mp3Frame(): Uint8Array {
  const frame = new Uint8Array(208)
  frame.set([0xff, 0xfb, 0x50, 0xc4])
  return frame
}
export const MP3_FRAME_SECONDS = 1152 / 44_100

/** What LAME adds before the sound, in seconds. */
const MP3_DELAY_SECONDS = 1105 / 44_100

/** How many frames an encoder needs for so many seconds. */
export const mp3Frames = (seconds: number): number => Math.ceil((seconds + MP3_DELAY_SECONDS) / MP3_FRAME_SECONDS)

/** Something of the size of an AAC packet; nothing here decodes it. */
export const AAC_PACKET = new Uint8Array(24).fill(0x21)
export const AAC_PACKET_SECONDS = 1024 / 48_000
/** AAC LC, 48 kHz, one channel (ISO/IEC 14496-3, section 1.6.2.1). */
export const AAC_CONFIG = Uint8Array.of(0x11, 0x88)

/** One for the encoder's delay. */
export const aacPackets = (seconds: number): number => Math.ceil(seconds / AAC_PACKET_SECONDS) + 1
