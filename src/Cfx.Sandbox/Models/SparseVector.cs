namespace Cfx.Sandbox.Models;

/// <summary>A text as hashed features: bucket numbers, ascending, and their values. Length 1, or 0 for a text without words.</summary>
internal sealed class SparseVector(int[] indices, float[] values)
{
    /// <summary>The vector of an empty text.</summary>
    public static readonly SparseVector Empty = new([], []);

    public int[] Indices { get; } = indices;

    public float[] Values { get; } = values;

    /// <summary>Builds a unit vector from bucket sums; buckets that cancelled out are left out.</summary>
    public static SparseVector FromSums(Dictionary<int, double> sums)
    {
        var indices = sums.Where(pair => pair.Value != 0).Select(pair => pair.Key).Order().ToArray();
        var norm = 0.0;
        foreach (var index in indices)
        {
            norm += sums[index] * sums[index];
        }

        if (norm == 0)
        {
            return Empty;
        }

        norm = Math.Sqrt(norm);
        return new SparseVector(indices, Array.ConvertAll(indices, index => (float)(sums[index] / norm)));
    }

    /// <summary>The inner product.</summary>
    public double Dot(SparseVector other) => Dot(other, 0, int.MaxValue);

    /// <summary>The inner product over buckets from <paramref name="first"/> to before <paramref name="end"/>.</summary>
    public double Dot(SparseVector other, int first, int end)
    {
        var sum = 0.0;
        int i = Start(Indices, first), j = Start(other.Indices, first);
        while (i < Indices.Length && j < other.Indices.Length && Indices[i] < end)
        {
            var difference = Indices[i] - other.Indices[j];
            if (difference == 0)
            {
                sum += Values[i++] * other.Values[j++];
            }
            else if (difference < 0)
            {
                i++;
            }
            else
            {
                j++;
            }
        }

        return sum;
    }

    private static int Start(int[] indices, int first)
    {
        var found = Array.BinarySearch(indices, first);
        return found < 0 ? ~found : found;
    }

    /// <summary>Adds <paramref name="factor"/> times this vector into <paramref name="sums"/>.</summary>
    public void AddTo(Dictionary<int, double> sums, double factor)
    {
        for (var i = 0; i < Indices.Length; i++)
        {
            sums[Indices[i]] = sums.GetValueOrDefault(Indices[i]) + (factor * Values[i]);
        }
    }

    /// <summary>Adds <paramref name="factor"/> times this vector into <paramref name="dense"/>.</summary>
    public void AddTo(float[] dense, float factor)
    {
        for (var i = 0; i < Indices.Length; i++)
        {
            dense[Indices[i]] += factor * Values[i];
        }
    }

    /// <summary>The inner product with a dense vector.</summary>
    public float Dot(float[] dense)
    {
        var sum = 0f;
        for (var i = 0; i < Indices.Length; i++)
        {
            sum += dense[Indices[i]] * Values[i];
        }

        return sum;
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write((ushort)Indices.Length);
        for (var i = 0; i < Indices.Length; i++)
        {
            writer.Write((ushort)Indices[i]);
            writer.Write(Values[i]);
        }
    }

    public static SparseVector Load(BinaryReader reader)
    {
        var indices = new int[reader.ReadUInt16()];
        var values = new float[indices.Length];
        for (var i = 0; i < indices.Length; i++)
        {
            indices[i] = reader.ReadUInt16() % Featurizer.Buckets;
            values[i] = reader.ReadSingle();
        }

        return new SparseVector(indices, values);
    }
}
