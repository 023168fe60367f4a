package publish

import (
	"context"
	"fmt"

	"rtmpwriter/media"
)

// Write queues one packet and takes over its ownership, also when it returns an
// error. While the output buffer is full it blocks, or in live mode refuses the
// packet with ErrBufferFull; without a buffer it returns when the packet is on
// the socket. In live mode no Write waits for a connection: one that is lost, or
// the first one where there is no buffer, costs the frames up to the next
// keyframe. A blocked Write ends with ctx, Flush, EndTrack or the publisher.
//
// A *PacketError refuses a packet that cannot be sent; the stream goes on.
// After the end of the publisher errors are ErrClosed, with the cause.
// Video before the first keyframe is counted as skipped and answered with nil.
func (p *Publisher) Write(ctx context.Context, packet media.Packet) error {
	tracks := p.trackList()
	if tracks == nil || packet.Track < 0 || packet.Track >= len(tracks) {
		packet.Release()
		if tracks == nil {
			return ErrNoTracks
		}
		return &PacketError{Track: packet.Track, Reason: fmt.Sprintf("there are %d tracks", len(tracks))}
	}
	if len(packet.Data) == 0 {
		packet.Release()
		return &PacketError{Track: packet.Track, Reason: "it is empty"}
	}
	t := tracks[packet.Track]
	if t.framing() == media.FramingADTS {
		return p.writeADTS(ctx, t, packet)
	}
	return p.writeOne(ctx, t, packet)
}

// writeOne queues a packet that makes one message.
func (p *Publisher) writeOne(ctx context.Context, t *track, packet media.Packet) error {
	f, flushes := p.queue.take(t.index)
	t.mu.Lock()
	skip, err := t.cut(f, &packet)
	if err == nil && !skip {
		var corrected bool
		f.dts, f.pts, corrected = t.clock.adjust(f.dts, f.pts)
		f.corrected = f.corrected || corrected
	}
	t.mu.Unlock()
	f.owner = packet.Owner
	switch {
	case err != nil:
		p.counters.dropped(1)
	case skip:
		p.counters.skipped(1)
	default:
		p.reportReordered(t, f.reordered)
		return p.enqueue(ctx, t, f, flushes, f.corrected)
	}
	p.queue.giveBack(f)
	return err
}

// Flush drops what the track has queued, as after a seek, and sets its blocked
// Write free, which answers ErrFlushed. Video goes on at the next keyframe. An
// ended track may be written again.
func (p *Publisher) Flush(track int) {
	tracks := p.trackList()
	if track < 0 || track >= len(tracks) {
		return
	}
	t := tracks[track]
	t.mu.Lock()
	t.waitKey = t.codec.IsVideo()
	t.forgetTimes()
	t.mu.Unlock()
	p.counters.dropped(p.queue.flush(track))
}

// EndTrack tells that no more comes on the track, so that the others need not
// wait for it.
func (p *Publisher) EndTrack(track int) {
	if track >= 0 && track < len(p.trackList()) {
		p.queue.endTrack(track)
	}
}

// Drain returns when all that was written is on the socket, with ctx's error
// when that ends first, or ErrClosed with the cause when streaming has ended.
func (p *Publisher) Drain(ctx context.Context) error {
	if err := p.queue.waitIdle(ctx); err != nil {
		return err
	}
	return p.queue.failure()
}
