package mediatype

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media/aac"
)

func TestGuessOfRate(t *testing.T) {
	for _, rate := range sampleRates {
		exact := int64(frameSamples) * second / int64(rate)
		for _, duration := range []int64{exact, exact + 1, exact / 10_000 * 10_000, (exact/10_000 + 1) * 10_000} {
			if (rate == 88200 || rate == 96000) && duration%10_000 == 0 {
				continue // both last 11 ms
			}
			s := audioStream(SubtypeRawAAC, nil)
			_, changed, config := convert(t, s, silentStereo, lasting(duration))
			require.Equal(t, rate != assumedRate, changed)
			require.Equal(t, configLC(rate, 2), s.Track().Config, "%d Hz, %d", rate, duration)
			if changed {
				require.Equal(t, s.Track().Config, config)
			}
			require.Equal(t, rate, s.Track().SampleRate)
			publishable(t, s.Track())
			_, changed, config = convert(t, s, silentStereo, lasting(1_000_000))
			require.False(t, changed, "guessed once")
			require.Nil(t, config)
		}
	}
}

func TestGuessOfRateFromStarts(t *testing.T) {
	s := audioStream(SubtypeRawAAC, nil)
	_, changed, _ := convert(t, s, silentStereo, at(5_000_000))
	require.False(t, changed)
	_, changed, config := convert(t, s, silentStereo, at(5_000_000+320_000))
	require.True(t, changed)
	require.Equal(t, configLC(32000, 2), config)
}

// Times of a live source, rounded to milliseconds and late at random: the guess
// gets better and then stays.
func TestGuessOfRateFromJitter(t *testing.T) {
	s := audioStream(SubtypeRawAAC, nil)
	for i, start := range []int64{0, 320_000, 464_000, 640_000} {
		convert(t, s, silentStereo, at(start))
		require.Equal(t, [...]int{48000, 32000, 32000, 32000}[i], s.Track().SampleRate)
	}
	convert(t, s, silentStereo, at(928_000))
	require.Equal(t, 44100, s.Track().SampleRate, "after four distances")

	s = audioStream(SubtypeRawAAC, nil)
	late := []int64{0, 60_000, 20_000, 90_000, 10_000, 40_000, 0}
	changes := 0
	for i := range int64(300) {
		start := (i*frameSamples*second/44100 + late[i%int64(len(late))]) / 10_000 * 10_000
		_, changed, config := convert(t, s, silentStereo, at(start))
		require.Equal(t, changed, config != nil)
		if changed {
			changes++
		}
	}
	require.Equal(t, configLC(44100, 2), s.Track().Config)
	require.LessOrEqual(t, changes, 4)
	require.False(t, s.aac.guess.open())
}

func TestGuessOfRateSurvivesNonsense(t *testing.T) {
	for _, hostile := range []times{
		{0, 0, true, true}, {5, 4, true, true}, {math.MinInt64, math.MaxInt64, true, true}, {math.MaxInt64, math.MinInt64, true, true},
		{0, 1, true, true}, {0, 1 << 50, true, true}, {0, 90_000, true, true}, {0, 2_000_000, true, true},
		{math.MinInt64, 0, true, false}, {math.MaxInt64, 0, true, false}, {0, 213_333, false, true}, {7, 0, false, false},
	} {
		s := audioStream(SubtypeRawAAC, nil)
		for range 3 {
			_, changed, _ := convert(t, s, silentStereo, hostile)
			require.False(t, changed, "%+v", hostile)
		}
		// Samples that have times tell it even then.
		convert(t, s, silentStereo, at(0))
		convert(t, s, silentStereo, at(320_000))
		require.Equal(t, 32000, s.Track().SampleRate, "%+v", hostile)
	}
}

// A gap begins the measuring anew; a sample without time is a frame like others.
func TestGuessOfRateAcrossGaps(t *testing.T) {
	s := audioStream(SubtypeRawAAC, nil)
	for _, start := range []int64{0, 50_000_000, 50_000_000 + 640_000} {
		convert(t, s, silentStereo, at(start))
	}
	require.Equal(t, 16000, s.Track().SampleRate)
	s = audioStream(SubtypeRawAAC, nil)
	for _, start := range []int64{0, 213_333, 0, 320_000} {
		convert(t, s, silentStereo, at(start))
	}
	require.Equal(t, 32000, s.Track().SampleRate)
	s = audioStream(SubtypeRawAAC, nil)
	convert(t, s, silentStereo, at(0))
	convert(t, s, silentStereo, noTimes)
	for i := range int64(3) {
		convert(t, s, silentStereo, at((i+2)*213_333))
	}
	require.Equal(t, 48000, s.Track().SampleRate)
}

func TestGuessOfChannels(t *testing.T) {
	fillThen := func(n string, bytes int, next string) []byte {
		text := "110" + n
		for range bytes {
			text += "10100101"
		}
		return append(bitString(text+next+"0000 000000"), 0, 0)
	}
	for name, c := range map[string]struct {
		frame    []byte
		channels int
	}{
		"single":              {silentMono, 1},
		"pair":                {silentStereo, 2},
		"filling":             {fillThen("0011", 3, "000"), 1},
		"empty filling":       {fillThen("0000", 0, "001"), 2},
		"much filling":        {fillThen("1111 00000011", 17, "000"), 1},
		"data":                {bitString("100 0000 0 00000010 11111111 11111111 000 00000 00000000"), 1},
		"aligned data":        {bitString("100 0000 1 00000001 11111111 000 00000 00000000"), 1},
		"data aligned within": {bitString("1100000 100 0000 1 00000001 0 11111111 000 00000 00000000"), 1},
		"much data":           {append(bitString("100 0000 1 11111111 00000010"), append(make([]byte, 257), 0x00, 0x00)...), 1},
		"two of them":         {bitString("110 0001 11111111 110 0000 000 0000 00000000"), 1},
		"coupling":            {[]byte{0x40, 0, 0}, 2},
		"low frequency":       {[]byte{0x60, 0, 0}, 2},
		"end":                 {[]byte{0xe0, 0, 0}, 2},
		"filling cut":         {[]byte{0xdf}, 2},
		"filling beyond":      {bitString("110 0111 0 00000000"), 2},
		"data cut":            {bitString("100 0000 0"), 2},
		"program cut":         {[]byte{0xa0}, 2},
		"program damaged":     {[]byte{0xa1, 0x07, 0xff, 0xff, 0xff}, 2},
	} {
		s := audioStream(SubtypeRawAAC, nil)
		_, changed, config := convert(t, s, c.frame, noTimes)
		require.Equal(t, c.channels == 1, changed, name)
		require.Equal(t, c.channels, s.Track().Channels, name)
		require.Equal(t, changed, config != nil, name)
		publishable(t, s.Track())
	}
}

// Elements that never end are not followed for ever.
func TestGuessOfChannelsIsBounded(t *testing.T) {
	require.EqualValues(t, elementEnd, firstElement(bitString("110 0001 11111111"+"1100000 1100000 1100000 1100000 1100000 1100000 1100000 1100000 1100000 1100000 1100000 1100000 1100000 1100000 1100000 1100000 1100000 1100000 1100000 1100000 1100000 1100000 1100000 1100000 1100000 1100000 1100000 1100000 1100000 1100000 1100000 1100000 001")))
}

// A rate that is written out has no place in a program config element.
func TestProgramConfigWithoutRate(t *testing.T) {
	for _, rate := range []string{"1101", "1110", "1111"} {
		require.Nil(t, programConfig(bitString("101 0000 01 "+rate+" 0001 0000 0000 00 000 0000 000 1 0000 000 00000000 000 00000"+"000000000000000000000000000000000000000000")))
	}
	config := programConfig(bitString("101 0000 01 0011 0001 0000 0000 00 000 0000 000 1 0000 00000 00000000 00000000"))
	c, err := aac.ParseConfig(config)
	require.NoError(t, err)
	require.Equal(t, 2, c.Channels)
}

// What the block tells is not guessed.
func TestGuessOfWhatIsMissing(t *testing.T) {
	s := audioStream(SubtypeRawAAC, waveFormat(0xff, 0, 32000, nil))
	_, _, config := convert(t, s, silentMono, lasting(232_199))
	require.Equal(t, configLC(32000, 1), config)
	s = audioStream(SubtypeRawAAC, waveFormat(0xff, 1, 0, nil))
	_, _, config = convert(t, s, silentStereo, lasting(232_199))
	require.Equal(t, configLC(44100, 1), config)
	s = audioStream(SubtypeRawAAC, waveFormat(0xff, 1, 48000, nil))
	_, changed, config := convert(t, s, silentStereo, lasting(232_199))
	require.False(t, changed)
	require.Nil(t, config)
}

// ffmpeg's AAC with a program config element at the start of its frames, and with
// its name in a fill element before the first one.
func TestGuessOfRealFrames(t *testing.T) {
	for name, want := range map[string]int{"mono44100.aac": 1, "stereo48000.aac": 2, "config.aac": 3, "surround.aac": 1 /* known to be wrong: see the package comment */} {
		_, frames, config := sounds(t, name)
		c, err := aac.ParseConfig(config)
		require.NoError(t, err)
		s := audioStream(SubtypeRawAAC, nil)
		for i, frame := range frames {
			convert(t, s, frame, at(int64(c.FrameDuration(int64(i))/100)))
		}
		require.Equal(t, want, s.Track().Channels, name)
		require.Equal(t, c.SampleRate, s.Track().SampleRate, name)
		if name != "surround.aac" {
			require.Equal(t, config, s.Track().Config, name)
		}
		publishable(t, s.Track())
	}
}
