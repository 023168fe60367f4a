package interop

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
	"rtmpwriter/flv"
	"rtmpwriter/interop/server"
	"rtmpwriter/interop/wire"
)

// scripts are the data messages in a recording but onMetaData, as "time name
// values", and the times of its video frames.
func scripts(t *testing.T, path string) (lines []string, frames map[uint32]bool) {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	frames = map[uint32]bool{}
	for r := flv.NewReader(f); ; {
		tag, err := r.Next()
		if errors.Is(err, io.EOF) {
			return lines, frames
		}
		require.NoError(t, err)
		switch tag.Type {
		case flv.TagVideo:
			frames[tag.Timestamp] = true
		case flv.TagScript:
			values, err := amf0.Decode(tag.Buf.B)
			require.NoError(t, err)
			if values[0] != "onMetaData" {
				lines = append(lines, fmt.Sprint(tag.Timestamp, " ", values))
			}
		}
		tag.Buf.Release()
	}
}

// TestTimecodesInRecordings has real servers record streams with timecodes. lal
// writes data messages as they come, ffmpeg takes them through its own demuxer
// and muxer; nginx keeps none.
func TestTimecodesInRecordings(t *testing.T) {
	p, ok := ours(t)
	if !ok {
		return
	}
	for _, kind := range kinds(t, "ffmpeg", "lal") {
		for _, c := range []struct {
			clip, first string
			want        []string
		}{
			{"high-b3", "10:00:00:00", []string{"0 [onFI [{tc 10:00:00:00}]]", "1000 [onFI [{tc 10:00:01:00}]]", "2000 [onFI [{tc 10:00:02:00}]]"}},
			{"fps-29.97", "00:00:59;00", []string{"0 [onFI [{tc 00:00:59:00}]]", "1001 [onFI [{tc 00:01:00:02}]]", "2002 [onFI [{tc 00:01:01:02}]]"}},
			{"fps-23.976", "23:59:59:00", []string{"0 [onFI [{tc 23:59:59:00}]]", "1001 [onFI [{tc 00:00:00:00}]]", "2002 [onFI [{tc 00:00:01:00}]]"}},
			{"fps-60", "3600500", []string{"0 [onFI [{tc 01:00:00:30}]]", "1000 [onFI [{tc 01:00:01:30}]]", "2000 [onFI [{tc 01:00:02:30}]]"}},
		} {
			t.Run(kind.Name+" "+c.clip, func(t *testing.T) {
				if !has(t, kind.Missing()) {
					return
				}
				s, ctx := launched(t, kind), bounded(t)
				reception, err := s.Expect(ctx, "timecode")
				require.NoError(t, err)
				flags := []string{"--write-timecode", "--first-timecode", c.first}
				require.NoError(t, p.With(flags...).Publish(ctx, clips(t)[c.clip], reception.URL))
				path, err := reception.Wait(ctx)
				require.NoError(t, err)
				lines, frames := scripts(t, path)
				require.Equal(t, c.want, lines)
				for _, line := range lines {
					var at uint32
					_, err := fmt.Sscan(line, &at)
					require.NoError(t, err)
					require.True(t, frames[at], "a frame has the time of %s", line)
				}
			})
		}
	}
}

// TestCuePointInARecording sends cue points through the control socket while the
// program publishes to lal, which records them.
func TestCuePointInARecording(t *testing.T) {
	p, ok := ours(t)
	if !ok {
		return
	}
	kind := kinds(t, "lal")[0]
	if !has(t, kind.Missing()) {
		return
	}
	s, ctx := launched(t, kind), bounded(t)
	reception, err := s.Expect(ctx, "cue")
	require.NoError(t, err)
	clip, socket := clips(t)["high-b3"], filepath.Join(t.TempDir(), "s")
	ended := make(chan error, 1)
	go func() {
		ended <- p.With("--pace", "realtime", "--control", socket).Publish(ctx, clip, reception.URL)
	}()
	answers := controlled(ctx, t, socket,
		`{"data":"onCuePoint","value":{"name":"ad","type":"event","time":1,"parameters":{"id":"7"}}}`,
		`{"data":"onTextData","value":{"text":"hello"}}`, `{"data":"onBad","value":{"a":}}`)
	require.NoError(t, <-ended)
	require.Equal(t, []string{
		`{"ok":true}`, `{"ok":true}`, `{"ok":false,"error":"JSON at line 1 column 30: '}' where a value is expected (in .value.a)"}`,
	}, answers)
	path, err := reception.Wait(ctx)
	require.NoError(t, err)
	lines, _ := scripts(t, path)
	require.Len(t, lines, 2)
	require.Contains(t, lines[0], " [onCuePoint [{name ad} {type event} {time 1} {parameters [{id 7}]}]]")
	require.Contains(t, lines[1], " [onTextData [{text hello}]]")
}

// controlled sends lines to a control socket as soon as it is there, and returns
// the answers.
func controlled(ctx context.Context, t *testing.T, socket string, lines ...string) (answers []string) {
	t.Helper()
	conn := dialed(ctx, t, socket)
	defer conn.Close()
	from := bufio.NewReader(conn)
	for _, line := range lines {
		_, err := fmt.Fprintln(conn, line)
		require.NoError(t, err)
		answer, err := from.ReadString('\n')
		require.NoError(t, err)
		answers = append(answers, strings.TrimSpace(answer))
	}
	return answers
}

func dialed(ctx context.Context, t *testing.T, socket string) net.Conn {
	t.Helper()
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for {
		conn, err := net.Dial("unix", socket)
		if err == nil {
			return conn
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			require.NoError(t, err)
		}
	}
}

// TestTimecodeOnTheWire has tshark read the data messages.
func TestTimecodeOnTheWire(t *testing.T) {
	p, ok := ours(t)
	if !ok || !has(t, server.Installed("tshark", "dumpcap")()) || !has(t, server.HasNginx()) {
		return
	}
	nginx := launched(t, kinds(t, "nginx")[0])
	port := nginx.(interface{ Port() int }).Port()
	ctx, file := bounded(t), filepath.Join(t.TempDir(), "wire.pcapng")
	capture, err := wire.Start(ctx, port)
	require.NoError(t, err, "capturing on the loopback device must be allowed")
	_, _ = deliver(t, nginx, p.With("--write-timecode", "--first-timecode", "10:00:00:00"), "wire-timecode", clips(t)["high-b3"])
	require.NoError(t, capture.Stop(ctx, file))
	faults, err := wire.Faults(ctx, file, port)
	require.NoError(t, err)
	require.Empty(t, faults)
	turns, err := wire.Dissect(ctx, file, port)
	require.NoError(t, err)
	var says, strs []string
	for _, turn := range turns {
		says, strs = append(says, turn.Says...), append(strs, turn.Strings...)
	}
	require.Equal(t, 3, count(summaries(says, "onFI("), "onFI("), "%v", summary(says))
	require.Subset(t, strs, []string{"onFI", "tc", "10:00:00:00", "10:00:01:00", "10:00:02:00"})
}

// summaries cuts what begins so to that beginning.
func summaries(says []string, beginning string) (cut []string) {
	for _, s := range says {
		if strings.HasPrefix(s, beginning) {
			cut = append(cut, beginning)
		}
	}
	return cut
}
