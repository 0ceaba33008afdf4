"""The peer of spark_selection.py: relevance and top k as PySpark has them, MLlib's HashingTF and LogisticRegression.

    spark-submit mllib_selection.py POOL SEED OUT K

Equal texts (lower case, words alone) are dropped; n-grams of 1 to 3 words; positives and negatives of equal weight.
"""

from __future__ import annotations

import sys

from pyspark.ml import Pipeline
from pyspark.ml.classification import LogisticRegression
from pyspark.ml.feature import HashingTF, NGram, SQLTransformer
from pyspark.ml.functions import vector_to_array
from pyspark.sql import SparkSession
from pyspark.sql import functions as f


def main() -> None:
    pool_path, seed_path, out, k = sys.argv[1:]
    spark = SparkSession.builder.appName("mllib selection").getOrCreate()
    schema = "id string, source string, text string"

    def worded(rows):
        plain = f.regexp_replace(f.lower("text"), r"[^\p{L}\p{M}\p{N}]+", " ")
        return rows.withColumn("words", f.split(f.trim(plain), " "))

    pool = worded(spark.read.schema(schema).json(pool_path)).dropDuplicates(["words"])
    seed = worded(spark.read.schema("text string").json(seed_path))
    grams = [NGram(n=n, inputCol="words", outputCol=f"grams{n}") for n in (1, 2, 3)]
    joined = SQLTransformer(statement="SELECT *, concat(grams1, grams2, grams3) AS grams FROM __THIS__")
    counts = HashingTF(inputCol="grams", outputCol="counts", numFeatures=1 << 18)
    features = Pipeline(stages=[*grams, joined, counts]).fit(seed)
    positives = seed.count()
    sample = pool.select("words").limit(200 * positives)
    balance = f.when(f.col("label") == 1, 1 / positives).otherwise(1 / (200 * positives))
    training = (
        features.transform(seed.select("words")).withColumn("label", f.lit(1.0))
        .union(features.transform(sample).withColumn("label", f.lit(0.0)))
        .withColumn("weight", balance).select("counts", "label", "weight").cache()
    )  # fmt: skip
    model = LogisticRegression(featuresCol="counts", weightCol="weight", regParam=1e-4, maxIter=100).fit(training)
    scored = model.transform(features.transform(pool))
    score = vector_to_array("rawPrediction")[1].alias("ngram_score")
    scored.select("id", "source", "text", score).orderBy(f.desc("ngram_score")).limit(int(k)).write.json(out)
    spark.stop()


if __name__ == "__main__":
    main()
