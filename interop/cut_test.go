package interop

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/internal/receiver"
	"rtmpwriter/interop/server"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp"
)

const (
	// cutStreams are published, each over cutsEach connections that are cut.
	cutStreams, cutsEach = 40, 5
	// cutAtOnce are published at the same time.
	cutAtOnce = 12
	// lastDecoded is the key of the last stream that ffmpeg looks at.
	lastDecoded = "k003"
	// cutLongest is how long a server is away at most.
	cutLongest = 10 * time.Second
	// filmSeconds is the length of each stream, and filmSpeed how much faster than
	// real time it is written.
	filmSeconds, filmSpeed = 3, 2
)

var cutSeed = flag.Uint64("seed", 5, "of the moments in TestCutAtRandomMoments")

// recorder is a server that keeps each session's recording.
type recorder struct {
	addr, app string
	// stop ends the server, and returns the recordings by key, in the order of
	// the sessions.
	stop func() map[string][]recording
}

// TestCutAtRandomMoments cuts connections at 200 random moments, in every step of
// a session, and requires that each server has every frame in the end.
func TestCutAtRandomMoments(t *testing.T) {
	if !has(t, server.Installed("ffmpeg")()) {
		return
	}
	film := develop(t, film(t, filmSeconds, "keyint=12:scenecut=0:bframes=2:b-adapt=0:bitrate=3500:vbv-maxrate=3500:vbv-bufsize=3500"))
	for name, start := range map[string]func(*testing.T) *recorder{"receiver": receiverRecorder, "nginx": nginxRecorder} {
		t.Run(name, func(t *testing.T) {
			if name == "nginx" && !has(t, server.HasNginx()) {
				return
			}
			cutAtRandomMoments(t, start(t), film)
		})
	}
}

func cutAtRandomMoments(t *testing.T, r *recorder, film *footage) {
	streams, slots := make([]*cutStream, cutStreams), make(chan struct{}, cutAtOnce)
	var done sync.WaitGroup
	for i := range streams {
		s := &cutStream{key: fmt.Sprintf("k%03d", i), film: film, random: rand.New(rand.NewPCG(uint64(i), *cutSeed))}
		streams[i] = s
		done.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			s.err = s.run(t.Context(), r)
		})
	}
	done.Wait()
	recorded := r.stop()
	var hits [steps]int
	twice, resent := 0, 0
	for _, s := range streams {
		require.NoError(t, s.err, "%s", s)
		n, err := film.union(recorded[s.key])
		require.NoError(t, err, "%s", s)
		require.LessOrEqual(t, n, s.stats.FramesResent, "%s: what came twice is told", s)
		require.NoError(t, s.bounded(), "%s", s)
		for step, n := range s.proxy.hits() {
			hits[step] += n
		}
		twice, resent = twice+n, resent+s.stats.FramesResent
	}
	total := 0
	for step, n := range hits {
		require.GreaterOrEqual(t, n, 10, "cuts in %s", stepNames[step])
		total += n
	}
	require.Equal(t, cutStreams*cutsEach, total)
	t.Logf("cuts %v of %v; of %d frames %d came twice, %d were sent again", hits, stepNames, cutStreams*len(film.packets), twice, resent)
	for _, s := range streams {
		if s.key > lastDecoded {
			break
		}
		for _, session := range recorded[s.key] {
			session.decodes(t)
		}
	}
}

// cutStream is one stream over connections that are cut.
type cutStream struct {
	key    string
	film   *footage
	random *rand.Rand
	cuts   []*moment
	proxy  *proxy
	stats  publish.Stats
	err    error
}

// String tells where it was cut.
func (s *cutStream) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "seed %d, stream %s, resent %d:", *cutSeed, s.key, s.stats.FramesResent)
	for _, m := range s.cuts {
		fmt.Fprintf(&text, "\n  %v", m)
	}
	return text.String()
}

func (s *cutStream) run(ctx context.Context, r *recorder) (err error) {
	s.cuts = moments(s.random, cutsEach, filmSeconds*1000, cutLongest)
	if s.proxy, err = newProxy(r.addr, s.cuts); err != nil {
		return err
	}
	defer s.proxy.close()
	o := publish.DefaultOptions()
	o.URL = fmt.Sprintf("rtmp://%s/%s/%s", r.addr, r.app, s.key)
	o.LiveMode, o.OutageBuffer = s.random.IntN(2) == 0, time.Minute
	o.ReconnectUnlimited, o.ReconnectOnStart, o.ReconnectInterval = true, true, 100*time.Millisecond
	o.CatchUpRate = 1000 * s.random.IntN(2)
	// Two cores do all of this at once.
	o.ReceiveTimeout, o.SendTimeout = 10*time.Second, 10*time.Second
	p, err := publish.New(o, publish.WithDialer(s.proxy.dial))
	if err == nil {
		err = p.SetTracks(s.film.tracks...)
	}
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	written := s.write(ctx, p)
	bound, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err = errors.Join(written, p.Shutdown(bound), <-ended)
	s.stats = p.Stats()
	if n := s.stats.AudioPacketsSent + s.stats.VideoPacketsSent; err == nil && n != len(s.film.packets) {
		err = fmt.Errorf("%d of %d frames sent: %+v", n, len(s.film.packets), s.stats)
	}
	return err
}

// write writes the film.
func (s *cutStream) write(ctx context.Context, p *publish.Publisher) error {
	began := time.Now()
	first := s.film.packets[0].DTS
	for _, packet := range s.film.packets {
		if wait := (packet.DTS-first)/filmSpeed - time.Since(began); wait > 0 {
			<-time.After(wait)
		}
		if err := p.Write(ctx, packet); err != nil {
			return err
		}
	}
	return nil
}

// ackMargin is how many bytes an acknowledgement may mean more than it says, or
// less: servers count the handshake or do not.
const ackMargin = 4096

// bounded tells where a session began earlier than it should: not before the one
// before, nor more than a group of pictures before what the client knew
// to be there.
func (s *cutStream) bounded() error {
	var before *link
	for i, l := range s.proxy.links {
		if len(l.media) == 0 {
			continue
		}
		begins := l.media[0].timestamp
		if before != nil && begins < before.had() {
			return fmt.Errorf("connection %d begins at %d ms: the server had %d ms, and that group of pictures", i, begins, before.had())
		}
		before = l
	}
	return nil
}

// had is the earliest time that a session may begin with after this one.
func (l *link) had() (least uint32) {
	least = l.media[0].timestamp
	at, _ := l.cut()
	for _, ack := range l.acks {
		for _, m := range l.media {
			// One that came in the last moment may not have been read.
			if m.end+ackMargin <= int64(ack.bytes) && at.Sub(ack.at) > 100*time.Millisecond && m.timestamp > groupLength {
				least = max(least, m.timestamp-groupLength)
			}
		}
	}
	return least
}

func nginxRecorder(t *testing.T) *recorder {
	dir := t.TempDir()
	nginx, err := server.Nginx(t.Context(), dir)
	require.NoError(t, err)
	return &recorder{
		addr: fmt.Sprintf("127.0.0.1:%d", nginx.(interface{ Port() int }).Port()), app: "each",
		stop: func() map[string][]recording {
			require.NoError(t, nginx.Close())
			list := map[string][]recording{}
			files, err := filepath.Glob(filepath.Join(dir, "*.flv"))
			require.NoError(t, err)
			slices.Sort(files)
			for _, file := range files {
				r, err := readFLV(file)
				require.NoError(t, err)
				key, _, _ := strings.Cut(r.name, ".")
				list[key] = append(list[key], r)
			}
			return list
		},
	}
}

func receiverRecorder(t *testing.T) *recorder {
	var mu sync.Mutex
	files := map[*receiver.Stream]*server.FLV{}
	r, err := receiver.Start(t.Context(), receiver.Config{Record: true, OnMessage: func(m receiver.Message) {
		if m.Stream.Key > lastDecoded {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if files[m.Stream] == nil {
			files[m.Stream] = new(server.FLV)
		}
		files[m.Stream].AddMessage(m)
	}})
	require.NoError(t, err)
	list := map[string][]recording{}
	var collected sync.WaitGroup
	collected.Go(func() { // until the receiver is closed
		for {
			result, err := r.Wait(context.Background())
			if err != nil {
				return
			}
			session := readResult(result)
			mu.Lock()
			if file := files[&result.Stream]; file != nil {
				session.flv = file.Bytes()
			}
			mu.Unlock()
			list[result.Key] = append(list[result.Key], session)
		}
	})
	u, err := rtmp.ParseURL(r.URL("live", "key"), "")
	require.NoError(t, err)
	return &recorder{
		addr: u.Addr(), app: "live",
		stop: func() map[string][]recording {
			require.NoError(t, r.Close())
			collected.Wait()
			return list
		},
	}
}
