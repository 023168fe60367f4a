package publish_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
	"rtmpwriter/media"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// label is one onFI with the message that comes right behind it.
type label struct {
	at         uint32
	tc, sd, st string
	before     uint8 // that message's type
	beforeAt   uint32
}

func labels(t *testing.T, got []rtmptest.Message) (list []label) {
	t.Helper()
	for i, m := range got {
		if m.Command().Name != "onFI" {
			continue
		}
		require.Len(t, m.Command().Args, 1)
		object := m.Command().Args[0].(amf0.Object)
		require.Less(t, i+1, len(got), "a frame comes behind a timecode")
		next := got[i+1]
		list = append(list, label{m.Timestamp, object.String("tc"), object.String("sd"), object.String("st"), next.Type, next.Timestamp})
	}
	return list
}

// texts are the timecodes as "time tc".
func texts(list []label) (lines []string) {
	for _, l := range list {
		lines = append(lines, fmt.Sprintf("%d %s", l.at, l.tc))
	}
	return lines
}

func withTimecode(first string) func(*publish.Options) {
	return func(o *publish.Options) { o.WriteTimecode, o.FirstTimecode = true, first }
}

// hinted is a video track whose rate the container tells.
func hinted(fps float64) media.Track {
	track := videoInBand
	track.FrameRate = fps
	return track
}

// video writes n frames of the rate num/den from the frame first on.
func (s *stream) videoFrames(first, n int, num, den int64) {
	s.t.Helper()
	for i := first; i < first+n; i++ {
		at := time.Duration(int64(i) * den * int64(time.Second) / num)
		data := annexB(inter(1))
		if i == 0 {
			data = annexB(smallSPS, pps, idr(1))
		}
		s.write(0, at, at, data)
	}
}

// Every rate of the trade, over a minute and with both ways to count: each
// timecode has the timestamp of its frame, stands right before it, and names the
// frame's number.
func TestOptionWriteTimecode(t *testing.T) {
	for _, c := range []struct {
		fps      float64
		num, den int64
		first    string
		want     map[int]string // second of the stream: text
	}{
		{23.976, 24000, 1001, "0", map[int]string{0: "0 00:00:00:00", 1: "1001 00:00:01:00", 60: "60018 00:00:59:23"}},
		{25, 25, 1, "00:00:00:00", map[int]string{0: "0 00:00:00:00", 1: "1000 00:00:01:00", 60: "60000 00:01:00:00"}},
		{29.97, 30000, 1001, "00:00:00:00", map[int]string{0: "0 00:00:00:00", 1: "1001 00:00:01:00", 60: "60027 00:00:59:29"}},
		{29.97, 30000, 1001, "00:00:00;00", map[int]string{59: "59026 00:00:58:29", 60: "60027 00:00:59:29", 61: "61028 00:01:01:01"}},
		{30, 30, 1, "01:00:00:00", map[int]string{0: "0 01:00:00:00", 60: "60000 01:01:00:00"}},
		{50, 50, 1, "23:59:59:00", map[int]string{0: "0 23:59:59:00", 1: "1000 00:00:00:00", 60: "60000 00:00:59:00"}},
		{59.94, 60000, 1001, "00:00:00:00", map[int]string{1: "1001 00:00:01:00", 60: "60010 00:00:59:57"}},
		{59.94, 60000, 1001, "00:00:00;00", map[int]string{1: "1001 00:00:01:00", 61: "61011 00:01:01:01"}},
		{60, 60, 1, "00:00:00:30", map[int]string{0: "0 00:00:00:30", 60: "60000 00:01:00:30"}},
	} {
		t.Run(fmt.Sprintf("%v from %s", c.fps, c.first), func(t *testing.T) {
			s := start(t, rtmptest.Script{}, withTimecode(c.first), hinted(c.fps))
			s.videoFrames(0, 62*int(c.fps+0.5), c.num, c.den)
			list := labels(t, s.finish())
			require.InDelta(t, 62, len(list), 1, "one a second")
			for _, l := range list {
				require.EqualValues(t, 9, l.before)
				require.Equal(t, l.beforeAt, l.at, "at the very time of its frame")
			}
			lines := texts(list)
			for second, want := range c.want {
				require.Contains(t, lines, want, "second %d: %v", second, lines)
			}
		})
	}
	s := start(t, rtmptest.Script{}, nil, videoInBand)
	s.videoFrames(0, 60, 25, 1)
	require.Empty(t, labels(t, s.finish()), "off by default")
}

func TestOptionFirstTimecode(t *testing.T) {
	o := publish.DefaultOptions()
	o.URL = "rtmp://127.0.0.1/live+x"
	var field publish.Field
	for _, f := range o.Fields() {
		if f.Name == "first-timecode" {
			field = f
		}
	}
	require.NoError(t, field.Set("10:00:00:00"))
	for _, bad := range []string{"noon", "25:00:00:00", "00:01:00;00", "86400000", ""} {
		var wrong *publish.OptionError
		require.ErrorAs(t, field.Set(bad), &wrong, bad)
		require.Equal(t, "first-timecode", wrong.Name)
		require.Equal(t, bad, wrong.Value)
		require.Equal(t, "10:00:00:00", o.FirstTimecode, "unchanged")
		direct := o
		direct.FirstTimecode = bad
		require.ErrorAs(t, direct.Validate(), &wrong, "set without its Field")
		require.NotEmpty(t, wrong.Reason)
	}
	direct := o
	direct.FirstTimecode = "00:01:00;00"
	require.ErrorContains(t, direct.Validate(), "drop-frame has no 00:01:00;00")

	for first, want := range map[string][]string{
		"10:20:30:24":  {"0 10:20:30:24", "1000 10:20:31:24"},
		"10:20:30.500": {"0 10:20:30:12", "1000 10:20:31:12"},
		"3600000":      {"0 01:00:00:00", "1000 01:00:01:00"},
		"23:59:59:24":  {"0 23:59:59:24", "1000 00:00:00:24"},
		"00:00:00:30":  {"0 00:00:01:05", "1000 00:00:02:05"}, // 25 frames/s have no 30: it counts on
	} {
		s := start(t, rtmptest.Script{}, withTimecode(first), videoInBand)
		s.videoFrames(0, 26, 25, 1)
		require.Equal(t, want, texts(labels(t, s.finish())), first)
	}
}

func TestOptionTimecodeInterval(t *testing.T) {
	s := start(t, rtmptest.Script{}, func(o *publish.Options) {
		o.WriteTimecode, o.TimecodeInterval = true, 2500*ms
	}, videoInBand)
	s.videoFrames(0, 25*8, 25, 1)
	require.Equal(t, []string{"0 00:00:00:00", "2520 00:00:02:13", "5000 00:00:05:00", "7520 00:00:07:13"}, texts(labels(t, s.finish())),
		"the first frame in each interval, counted from the start")

	s = start(t, rtmptest.Script{}, func(o *publish.Options) { o.WriteTimecode = true }, hinted(30))
	s.write(0, 0, 0, annexB(smallSPS, pps, idr(1)))
	for i := 1; i < 40; i++ { // the thirtieth is 10 ns early
		at := time.Duration(i) * 33_333_333
		s.write(0, at, at, annexB(inter(1)))
	}
	require.Equal(t, []string{"0 00:00:00:00", "1000 00:00:01:00"}, texts(labels(t, s.finish())), "a hair early is on time")
}

// Date and time are those at which Write was called, however long the frame
// waits in the buffer.
func TestOptionEmbedSystemTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := start(t, rtmptest.Script{}, func(o *publish.Options) {
			o.WriteTimecode, o.EmbedSystemTime = true, true
		}, videoInBand)
		time.Sleep(24*time.Hour - 2*time.Second + 7*ms) // the bubble begins at midnight, 2000-01-01
		for i := range 4 {
			s.videoFrames(i*25, 25, 25, 1)
			time.Sleep(time.Second)
		}
		var got []string
		for _, l := range labels(t, s.finish()) {
			require.Empty(t, l.tc)
			got = append(got, fmt.Sprint(l.at, " ", l.sd, " ", l.st))
		}
		require.Equal(t, []string{
			"0 01-01-2000 23:59:58.007", "1000 01-01-2000 23:59:59.007", "2000 02-01-2000 00:00:00.007", "3000 02-01-2000 00:00:01.007",
		}, got)
		s.server.Close()
	})
	synctest.Test(t, func(t *testing.T) {
		slow := func(*rtmptest.Session, rtmptest.Message) { time.Sleep(700 * ms) }
		s := start(t, rtmptest.Script{On: map[string]rtmptest.Handler{"connect": rtmptest.Then(slow, rtmptest.Default())}}, func(o *publish.Options) {
			o.WriteTimecode, o.EmbedSystemTime = true, true
		}, videoInBand)
		s.videoFrames(0, 1, 25, 1)
		time.Sleep(time.Second)
		require.Equal(t, "00:00:00.000", labels(t, s.finish())[0].st, "it waited for the connection")
		s.server.Close()
	})
}

// A player of an audio stream gets timecodes too, and where there is video they
// wait for it, though not for ever.
func TestTimecodeOnAudio(t *testing.T) {
	s := start(t, rtmptest.Script{}, withTimecode("01:00:00:00"), rawAAC)
	for i := range 60 {
		s.write(0, time.Duration(i)*40*ms, time.Duration(i)*40*ms, []byte{0x21, 1})
	}
	list := labels(t, s.finish())
	require.Equal(t, []string{"0 01:00:00:00", "1000 01:00:01:00", "2000 01:00:02:00"}, texts(list))
	require.EqualValues(t, 8, list[0].before)

	s = start(t, rtmptest.Script{}, withTimecode("01:00:00:00"), videoInBand, rawAAC)
	for i := range 150 { // video comes in the fourth second and goes after the fifth
		at := time.Duration(i) * 40 * ms
		s.write(1, at, at, []byte{0x21, 1})
		if i >= 85 && i < 125 {
			s.write(0, at, at, annexB(smallSPS, pps, idr(1)))
		}
		if i == 125 {
			s.EndTrack(0)
		}
	}
	list = labels(t, s.finish())
	require.Equal(t, []string{"1000 01:00:00:00", "2000 01:00:01:00", "3000 01:00:02:00", "4000 01:00:03:00", "5960 01:00:04:24"}, texts(list))
	for i, want := range []uint8{8, 8, 8, 9, 8} {
		require.Equal(t, want, list[i].before, "%v", list[i])
	}
}

// A rate that nobody told is 25 until it has been measured; labels go on from
// there.
func TestTimecodeOfAMeasuredRate(t *testing.T) {
	silent := unhex("6742c00ada11e4") // 64x48 without timing
	s := start(t, rtmptest.Script{}, withTimecode("00:00:00:12"), videoInBand)
	for i := range 50 * 8 {
		data := annexB(inter(1))
		if i == 0 {
			data = annexB(silent, pps, idr(1))
		}
		at := time.Duration(i) * 20 * ms
		s.write(0, at, at, data)
	}
	require.Equal(t, []string{
		"0 00:00:00:12", "1000 00:00:01:12", "2000 00:00:02:12", "3000 00:00:03:12",
		"4000 00:00:04:12", "5000 00:00:05:12", "6000 00:00:06:24", "7000 00:00:07:24",
	}, texts(labels(t, s.finish())))
}

// Ten days of stream lose no frame.
func TestTimecodeOverTenDays(t *testing.T) {
	s := start(t, rtmptest.Script{}, func(o *publish.Options) {
		o.WriteTimecode, o.FirstTimecode, o.TimecodeInterval = true, "00:00:00;00", time.Hour
	}, hinted(29.97))
	const perHour = 107892 // frames that an hour of labels has
	for hour := range 241 {
		at := time.Duration(int64(hour) * perHour * 1001 * int64(time.Second) / 30000)
		data := annexB(idr(1))
		if hour == 0 {
			data = annexB(smallSPS, pps, idr(1))
		}
		s.write(0, at, at, data)
	}
	list := labels(t, s.finish())
	require.NotEmpty(t, list)
	for _, l := range list {
		hours := (int(l.at) + 1000) / 3_599_996
		require.Equal(t, fmt.Sprintf("%02d:00:00:00", hours%24), l.tc, "at %d", l.at)
	}
	require.Greater(t, list[len(list)-1].at, uint32(239*3600*1000))
}
