package check

import (
	"context"
	"fmt"
	"time"

	"rtmpwriter/flv"
	"rtmpwriter/rtmp"
)

// Video is a keyframe to send again and again: its NAL units with 4-byte
// lengths, and its AVCDecoderConfigurationRecord.
type Video struct {
	Config, Keyframe []byte
}

const (
	// fillerSize is how much filler data (NAL unit type 12, which decoders skip)
	// stands behind each keyframe, so that a second needs few of them and a slow link is still measured finely.
	fillerSize = 32 << 10
	// warmUp is the part of the measuring time that only fills the buffers on
	// the way, and does not count.
	warmUp = 5 // a fifth
	// maxRate bounds what is sent, in bits/s: far above what streams
	// need; a server that records keeps all of it.
	maxRate = 200_000_000
	// atMaxRate is the measured rate from which maxRate was what held it back:
	// timers are late, now and then.
	atMaxRate = maxRate / 100 * 95
	// catchUp is how much time that was lost is made up for, so that late timers
	// don't lower the rate: some systems' are 16 ms late.
	catchUp = 50 * time.Millisecond
)

// pace spreads what is sent over time.
type pace struct{ next time.Time }

// wait waits until maxRate allows what follows the bytes that were sent.
func (p *pace) wait(ctx context.Context, sent int64) {
	if earliest := time.Now().Add(-catchUp); p.next.Before(earliest) {
		p.next = earliest
	}
	p.next = p.next.Add(time.Duration(sent * 8 * int64(time.Second) / maxRate))
	ahead := time.Until(p.next)
	if ahead <= 0 {
		return
	}
	timer := time.NewTimer(ahead)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// rateText says what was measured.
func rateText(rate int64) string {
	if rate >= atMaxRate {
		return fmt.Sprintf("at least %d Mbit/s (no more is sent)", maxRate/1_000_000)
	}
	return fmt.Sprintf("%.1f Mbit/s", float64(rate)/1e6)
}

// filler is a NAL unit of filler data with its length before it (H.264, 7.3.2.7).
func filler() []byte {
	b := make([]byte, 4+fillerSize)
	b[1], b[2], b[3] = fillerSize>>16, fillerSize>>8&0xff, fillerSize&0xff
	b[4] = 12
	for i := 5; i < len(b)-1; i++ {
		b[i] = 0xff
	}
	b[len(b)-1] = 0x80
	return b
}

// measure sends test video for the time asked for. Its timestamps are those of
// the clock, so that for the server it lasts no longer than the check.
func (c *checker) measure(ctx context.Context, conn *rtmp.Conn) {
	if c.options.Measure <= 0 {
		c.report.add(Finding{Step: stepThroughput, Result: Skipped, Detail: "not measured; --seconds 5 sends test video for so long"})
		return
	}
	begun := time.Now()
	rate, err := c.send(ctx, conn)
	if err != nil {
		c.report.fail(stepThroughput, time.Since(begun), err)
		return
	}
	c.report.Throughput = rate
	c.report.add(Finding{Step: stepThroughput, Result: OK, Took: time.Since(begun), Detail: rateText(rate)})
}

// send returns bits/s. The buffers on the way are full when the counting begins
// and when it ends, so what was written in between is what the peer took.
func (c *checker) send(ctx context.Context, conn *rtmp.Conn) (rate int64, err error) {
	begun := time.Now()
	end := begun.Add(c.options.Measure)
	var from time.Time
	var sent int64
	p := pace{begun}
	payload := [][]byte{c.options.Video.Config}
	tag := flv.VideoTag{FrameType: flv.FrameKey, PacketType: flv.AVCSequenceHeader}
	for now := begun; now.Before(end); now = time.Now() {
		if err := ctx.Err(); err != nil {
			return 0, context.Cause(ctx)
		}
		m := rtmp.Message{Type: rtmp.TypeVideo, Timestamp: uint32(now.Sub(begun).Milliseconds()), Payload: payload}
		m.HeaderLen = len(tag.AppendHeader(m.Header[:0]))
		if err := conn.Append(&m); err != nil {
			return 0, err
		}
		size := int64(conn.Pending())
		if err := conn.Flush(); err != nil {
			return 0, err
		}
		if from.IsZero() && time.Since(begun) >= c.options.Measure/warmUp {
			from = time.Now()
		} else if !from.IsZero() {
			sent += size
		}
		p.wait(ctx, size)
		tag.PacketType = flv.AVCNALU
		payload = [][]byte{c.options.Video.Keyframe, c.fill}
	}
	if err := ctx.Err(); err != nil {
		return 0, context.Cause(ctx)
	}
	if took := time.Since(from); !from.IsZero() && took > 0 {
		rate = int64(float64(sent) * 8 / took.Seconds())
	}
	return rate, nil
}
