package publish

import (
	"bytes"
	"context"

	"rtmpwriter/media"
	"rtmpwriter/media/aac"
)

// setAAC takes over an AudioSpecificConfig, bit for bit.
func (t *track) setAAC(record []byte) error {
	if old := t.config.Load(); old != nil && bytes.Equal(old.record, record) {
		return nil
	}
	asc, err := aac.ParseConfig(record)
	if err != nil {
		return err
	}
	c := &trackConfig{
		codec: media.CodecAAC, record: bytes.Clone(record),
		sampleRate: asc.OutputRate, channels: asc.Channels, bitrate: t.info.Bitrate,
		frame: asc.FrameDuration(1),
	}
	switch {
	case asc.PS:
		c.channels = 2 // parametric stereo is coded as one channel
	case c.channels == 0:
		c.channels = t.info.Channels
	}
	t.config.Store(c)
	return nil
}

// writeADTS queues the frames of a packet in ADTS: each becomes a packet of its
// own without its header, which tells the configuration.
func (p *Publisher) writeADTS(ctx context.Context, t *track, packet media.Packet) error {
	rest := packet.Data
	for i := int64(0); len(rest) > 0; i++ {
		header, raw, after, err := aac.NextADTS(rest)
		if err != nil {
			packet.Release()
			p.counters.dropped(1)
			return &PacketError{Track: t.index, Reason: err.Error()}
		}
		rest = after
		single := media.Packet{Track: packet.Track, DTS: packet.DTS, PTS: packet.PTS, Data: raw}
		elapsed := aac.Config{SampleRate: header.SampleRate(), FrameLength: 1024}.FrameDuration(i)
		if single.PTS != media.NoTime {
			single.DTS += elapsed
			single.PTS += elapsed
		}
		if len(rest) == 0 {
			single.Owner = packet.Owner
		} else {
			// The packet is given back with its last frame; those before it,
			// which are rare, are copied to have an owner of their own.
			b := media.GetBuffer(len(raw))
			copy(b.B, raw)
			single.Data, single.Owner = b.B, b
		}
		if err := p.writeFrame(ctx, t, single, header); err != nil {
			if len(rest) > 0 {
				packet.Release()
			}
			return err
		}
	}
	return nil
}

// writeFrame queues one AAC frame after noting what its header says.
func (p *Publisher) writeFrame(ctx context.Context, t *track, packet media.Packet, header aac.ADTS) error {
	var room [64]byte // so that nothing is allocated
	record := header.AppendConfig(room[:0], packet.Data)
	// A program config element need not stand in every frame.
	if len(record) > 2 || header.ChannelConfig != 0 || t.config.Load() == nil {
		t.mu.Lock()
		err := t.setAAC(record)
		t.mu.Unlock()
		if err != nil {
			packet.Release()
			return &PacketError{Track: t.index, Reason: err.Error()}
		}
	}
	return p.writeOne(ctx, t, packet)
}
