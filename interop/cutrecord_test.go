package interop

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/input"
	"rtmpwriter/internal/receiver"
	"rtmpwriter/media"
)

// The tag and message types of audio and video.
const (
	audioTag = 8
	videoTag = 9
)

// piece is an encoded frame, as it was given to the publisher or as a server has
// recorded it.
type piece struct {
	kind      byte
	timestamp uint32
	keyframe  bool
	sum       [sha256.Size]byte
}

// recording is what a server has of one session.
type recording struct {
	name    string
	early   bool // a frame came before its track's header
	pieces  []piece
	shifted bool // the server began the times at 0
	flv     []byte
}

// footage is a clip in memory.
type footage struct {
	tracks  []media.Track
	packets []media.Packet
	pieces  []piece
	places  map[[sha256.Size]byte]int // within its kind
	counts  map[byte]int
}

// groupLength is the distance of the footage's keyframes, in milliseconds.
const groupLength = 480

// film makes a clip of noise, 12 frames a group, B frames in it, no two
// frames alike.
func film(t *testing.T, seconds int, video string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "film.mp4")
	shoot := exec.CommandContext(t.Context(), "ffmpeg", "-nostdin", "-v", "error",
		"-f", "lavfi", "-i", fmt.Sprintf("testsrc2=size=640x360:rate=25:duration=%d,noise=alls=30:allf=t", seconds),
		"-f", "lavfi", "-i", fmt.Sprintf("anoisesrc=duration=%d:seed=1", seconds))
	shoot.Args = append(shoot.Args, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-x264-params", video, "-c:a", "aac", "-b:a", "64k", "-ar", "48000", file)
	said, err := shoot.CombinedOutput()
	require.NoError(t, err, "%s", said)
	return file
}

// develop reads a clip.
func develop(t *testing.T, file string) *footage {
	t.Helper()
	source, err := input.Open(file, input.Options{})
	require.NoError(t, err)
	defer source.Close()
	f := &footage{tracks: source.Tracks(), places: map[[sha256.Size]byte]int{}, counts: map[byte]int{}}
	for {
		p, err := source.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		mine := p
		mine.Data, mine.Owner = slices.Clone(p.Data), nil
		if p.Owner != nil {
			p.Owner.Release()
		}
		f.packets = append(f.packets, mine)
	}
	begin := slices.MinFunc(f.packets, func(a, b media.Packet) int { return int(a.DTS - b.DTS) }).DTS
	for _, p := range f.packets {
		made := piece{kind: videoTag, timestamp: uint32((p.DTS - begin).Round(time.Millisecond).Milliseconds()), keyframe: p.Keyframe, sum: sha256.Sum256(p.Data)}
		if f.tracks[p.Track].Codec.IsAudio() {
			made.kind, made.keyframe = audioTag, true
		}
		_, twice := f.places[made.sum]
		require.False(t, twice, "no two frames are alike")
		f.places[made.sum] = f.counts[made.kind]
		f.counts[made.kind]++
		f.pieces = append(f.pieces, made)
	}
	return f
}

// byKind are the pieces of audio, or of video.
func (f *footage) byKind(kind byte) (list []piece) {
	for _, p := range f.pieces {
		if p.kind == kind {
			list = append(list, p)
		}
	}
	return list
}

// union tells what is wrong with the recordings of one stream's sessions, and how
// many frames they have more than once: together they must have every frame, in
// its order by where it is first, with its bytes and its time; each must begin
// with headers and a keyframe, and have no hole.
func (f *footage) union(list []recording) (twice int, err error) {
	next := map[byte]int{}
	want := map[byte][]piece{audioTag: f.byKind(audioTag), videoTag: f.byKind(videoTag)}
	for _, r := range list {
		if r.early {
			return 0, fmt.Errorf("%s: a frame before its header", r.name)
		}
		if len(r.pieces) == 0 {
			continue
		}
		last, shift := map[byte]int{}, uint32(0)
		for i, p := range r.pieces {
			at, ok := f.places[p.sum]
			if !ok {
				return 0, fmt.Errorf("%s: frame %d (type %d, %d ms) is none of the input", r.name, i, p.kind, p.timestamp)
			}
			is := want[p.kind][at]
			if i == 0 && r.shifted {
				shift = is.timestamp - p.timestamp
			}
			before, begun := last[p.kind]
			last[p.kind] = at
			switch {
			case p.timestamp+shift != is.timestamp || p.keyframe != is.keyframe:
				return 0, fmt.Errorf("%s: frame %d of type %d has %d+%d ms, keyframe %t; should be %d, %t", r.name, at, p.kind, p.timestamp, shift, p.keyframe, is.timestamp, is.keyframe)
			case begun && at != before+1:
				return 0, fmt.Errorf("%s: frame %d of type %d comes after %d", r.name, at, p.kind, before)
			case !begun && !p.keyframe:
				return 0, fmt.Errorf("%s: begins with frame %d, no keyframe", r.name, at)
			case at > next[p.kind]:
				return 0, fmt.Errorf("%s: frame %d of type %d, where %d is missing", r.name, at, p.kind, next[p.kind])
			case at < next[p.kind]:
				twice++
			default:
				next[p.kind]++
			}
		}
	}
	for kind, n := range f.counts {
		if next[kind] != n {
			return 0, fmt.Errorf("%d of %d frames of type %d arrived", next[kind], n, kind)
		}
	}
	return twice, nil
}

// readFLV reads a recording of nginx, which counts from the first message.
func readFLV(file string) (r recording, err error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return r, err
	}
	r = recording{name: filepath.Base(file), shifted: true, flv: data}
	headers := map[byte]bool{}
	for data = data[min(13, len(data)):]; len(data) > 0; {
		n := 15 + int(binary.BigEndian.Uint32(data[:4])&0xffffff)
		if len(data) < n {
			return r, fmt.Errorf("%s ends within a tag", file)
		}
		tag, body := data[0], data[11:n-4]
		timestamp := uint32(data[7])<<24 | uint24(data[4:])
		data = data[n:]
		skip := map[byte]int{audioTag: 2, videoTag: 5}[tag]
		switch {
		case skip == 0:
		case body[1] == 0:
			headers[tag] = true
		case body[1] == 1:
			r.early = r.early || !headers[tag]
			r.pieces = append(r.pieces, piece{tag, timestamp, tag == audioTag || body[0]>>4 == 1, sha256.Sum256(body[skip:])})
		}
	}
	return r, nil
}

// readResult takes over what the receiver has of a session.
func readResult(result *receiver.Result) recording {
	r := recording{name: fmt.Sprintf("%s (%d messages)", result.Key, len(result.Messages))}
	r.early = result.Video.HeaderMissing || result.Audio.HeaderMissing
	for _, m := range result.Messages {
		switch m.Kind {
		case receiver.KindVideo:
			r.pieces = append(r.pieces, piece{videoTag, m.Timestamp, m.Keyframe, m.Sum})
		case receiver.KindAudio:
			r.pieces = append(r.pieces, piece{audioTag, m.Timestamp, true, m.Sum})
		}
	}
	return r
}

// decodes requires that ffmpeg has nothing to say of what was recorded.
func (r *recording) decodes(t *testing.T) {
	t.Helper()
	if len(r.pieces) == 0 {
		return
	}
	decode := exec.CommandContext(t.Context(), "ffmpeg", "-v", "error", "-xerror", "-err_detect", "explode", "-f", "flv", "-i", "-", "-f", "null", "-")
	decode.Stdin = bytes.NewReader(r.flv)
	said, err := decode.CombinedOutput()
	require.NoError(t, err, "%s: %s", r.name, said)
	require.Empty(t, string(said), r.name)
}
